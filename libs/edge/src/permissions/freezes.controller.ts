import {
  type FreezeAnswer,
  freezeLiftRequest,
  type FreezeRequest,
  freezeRequest,
  type FreezesAnswer,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { RecordId } from '../http/record-id.js';
import { FREEZES } from '../injection.js';
import type { FreezesPort } from '../ports.js';
import { Needs } from '../http/needs.js';

@Controller('v1/freezes')
export class FreezesController {
  readonly #freezes: FreezesPort;

  constructor(@Inject(FREEZES) freezes: FreezesPort) {
    this.#freezes = freezes;
  }

  @Get()
  @Needs('operations:read')
  list(): Promise<FreezesAnswer> {
    return this.#freezes.list();
  }

  @Post()
  @Needs('freezes:write')
  set(
    @Contract(freezeRequest) request: FreezeRequest,
    @Caller() caller: Identity,
  ): Promise<FreezeAnswer> {
    return this.#freezes.set(request, caller);
  }

  @Post(':id/lift')
  @Needs('freezes:write')
  @HttpCode(200)
  lift(
    @RecordId('id') id: string,
    @Contract(freezeLiftRequest) { reason }: { reason: string },
    @Caller() caller: Identity,
  ): Promise<FreezeAnswer> {
    return this.#freezes.lift(id, reason, caller);
  }
}
