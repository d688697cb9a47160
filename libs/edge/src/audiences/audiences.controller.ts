import {
  type AudienceAnswer,
  type AudienceRequest,
  audienceRequest,
  type EndedAudienceAnswer,
  endAudienceRequest,
  type RunAnswer,
  runRequest,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { found } from '../http/found.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { RecordId } from '../http/record-id.js';
import { AUDIENCES } from '../injection.js';
import type { AudiencesPort } from '../ports.js';
import { Needs } from '../http/needs.js';

@Controller('v1/audiences')
export class AudiencesController {
  readonly #audiences: AudiencesPort;

  constructor(@Inject(AUDIENCES) audiences: AudiencesPort) {
    this.#audiences = audiences;
  }

  @Post()
  @Needs('audiences:write')
  define(
    @Contract(audienceRequest) request: AudienceRequest,
    @Caller() caller: Identity,
  ): Promise<AudienceAnswer> {
    return this.#audiences.define(request, caller);
  }

  @Get(':id')
  @Needs('audiences:run')
  async read(@RecordId('id') audience: string): Promise<AudienceAnswer> {
    return found(await this.#audiences.read(audience));
  }

  @Post(':id/runs')
  @Needs('audiences:run')
  @HttpCode(202)
  run(
    @RecordId('id') audience: string,
    @IdempotencyKey() key: string,
    @Contract(runRequest) _nothing: object,
    @Caller() caller: Identity,
  ): Promise<RunAnswer> {
    return this.#audiences.run(audience, key, caller);
  }

  @Post(':id/end')
  @Needs('audiences:write')
  @HttpCode(200)
  end(
    @RecordId('id') audience: string,
    @Contract(endAudienceRequest) _nothing: object,
    @Caller() caller: Identity,
  ): Promise<EndedAudienceAnswer> {
    return this.#audiences.end(audience, caller);
  }

  @Get(':id/runs/:run')
  @Needs('audiences:run')
  async readRun(
    @RecordId('id') audience: string,
    @RecordId('run') run: string,
  ): Promise<RunAnswer> {
    return found(await this.#audiences.readRun(audience, run));
  }
}
