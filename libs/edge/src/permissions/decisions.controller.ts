import {
  type DecisionAnswer,
  type DecisionRecord,
  decisionBatchRequest,
  type DecisionRequest,
  decisionRequest,
  type SubjectDecisionsAnswer,
  type SubjectDecisionsQuery,
  subjectDecisionsQuery,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract, QueryContract } from '../http/contract.js';
import { found } from '../http/found.js';
import { RecordId } from '../http/record-id.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { DECISIONS } from '../injection.js';
import type { DecisionsPort } from '../ports.js';
import { Needs } from '../http/needs.js';

@Controller('v1')
export class DecisionsController {
  readonly #decisions: DecisionsPort;

  constructor(@Inject(DECISIONS) decisions: DecisionsPort) {
    this.#decisions = decisions;
  }

  @Post('decisions')
  @Needs('decisions:ask')
  @HttpCode(200)
  async one(
    @Contract(decisionRequest) request: DecisionRequest,
    @Caller() caller: Identity,
  ): Promise<DecisionAnswer | undefined> {
    const [answer] = await this.#decisions.decide([request], caller);
    return answer;
  }

  @Post('decisions::batch')
  @Needs('decisions:ask')
  @HttpCode(200)
  async many(
    @Contract(decisionBatchRequest) batch: { cases: DecisionRequest[] },
    @Caller() caller: Identity,
  ): Promise<{ decisions: DecisionAnswer[] }> {
    return { decisions: await this.#decisions.decide(batch.cases, caller) };
  }

  @Get('subjects/:id/decisions')
  @Needs('subjects:read')
  async ofSubject(
    @RecordId('id') id: string,
    @QueryContract(subjectDecisionsQuery) query: SubjectDecisionsQuery,
    @Caller() caller: Identity,
  ): Promise<SubjectDecisionsAnswer> {
    return found(await this.#decisions.decideSubject(id, query, caller));
  }

  @Get('decisions/:id')
  @Needs('subjects:read')
  async read(@RecordId('id') id: string, @Caller() caller: Identity): Promise<DecisionRecord> {
    return found(await this.#decisions.read(id, caller));
  }
}
