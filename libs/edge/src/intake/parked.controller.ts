import {
  replayRequest,
  type ParkedAnswer,
  type ReplayAnswer,
  type ReplayRequest,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { PARKED } from '../injection.js';
import type { ParkedPort } from '../ports.js';
import { Needs } from '../http/needs.js';

@Controller('v1')
export class ParkedController {
  readonly #parked: ParkedPort;

  constructor(@Inject(PARKED) parked: ParkedPort) {
    this.#parked = parked;
  }

  @Get('parked')
  @Needs('parked:read')
  list(): Promise<ParkedAnswer> {
    return this.#parked.list();
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
}
