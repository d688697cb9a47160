import type { Identity } from '@kyoka/access';
import {
  type ErasedSubject,
  type FindSubjectsAnswer,
  type FindSubjectsRequest,
  findSubjectsRequest,
  type SubjectAnswer,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { found } from '../http/found.js';
import { RecordId } from '../http/record-id.js';
import { SUBJECTS } from '../injection.js';
import type { SubjectsPort } from '../ports.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';

@Controller('v1')
export class SubjectsController {
  readonly #subjects: SubjectsPort;

  constructor(@Inject(SUBJECTS) subjects: SubjectsPort) {
    this.#subjects = subjects;
  }

  @Get('subjects/:id')
  @Needs('subjects:read')
  async read(
    @RecordId('id') id: string,
    @Caller() caller: Identity,
  ): Promise<SubjectAnswer | ErasedSubject> {
    return found(await this.#subjects.read(id, caller));
  }

  @Post('subjects::find')
  @Needs('subjects:read')
  @HttpCode(200)
  async find(
    @Contract(findSubjectsRequest) request: FindSubjectsRequest,
    @Caller() caller: Identity,
  ): Promise<FindSubjectsAnswer> {
    return { subjects: await this.#subjects.find(request.subject, caller) };
  }
}
