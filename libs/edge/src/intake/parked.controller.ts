import {
  type DismissAnswer,
  type DismissRequest,
  dismissRequest,
  type ParkedAnswer,
  type ParkedQuery,
  parkedQuery,
  type ReplayAnswer,
  type ReplayRequest,
  replayRequest,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import type { Identity } from '@kyoka/access';
import { Contract, QueryContract } from '../http/contract.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { RecordId } from '../http/record-id.js';
import { PARKED } from '../injection.js';
import type { ParkedPort } from '../ports.js';

@Controller('v1')
export class ParkedController {
  readonly #parked: ParkedPort;

  constructor(@Inject(PARKED) parked: ParkedPort) {
    this.#parked = parked;
  }

  @Get('parked')
  @Needs('parked:read')
  list(@QueryContract(parkedQuery) query: ParkedQuery): Promise<ParkedAnswer> {
    return this.#parked.list(query);
  }

  @Post('parked::replay')
  @Needs('parked:replay')
  @HttpCode(200)
  replay(
    @Contract(replayRequest) request: ReplayRequest,
    @Caller() caller: Identity,
  ): Promise<ReplayAnswer> {
    return this.#parked.replay(request, caller);
  }

  @Post('parked/:id/dismiss')
  @Needs('parked:replay')
  @HttpCode(200)
  dismiss(
    @RecordId('id') id: string,
    @Contract(dismissRequest) { reason }: DismissRequest,
    @Caller() caller: Identity,
  ): Promise<DismissAnswer> {
    return this.#parked.dismiss(id, reason, caller);
  }
}
