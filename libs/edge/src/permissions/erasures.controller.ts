import { type ErasureAnswer, type ErasureRequest, erasureRequest } from '@kyoka/contracts';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { found } from '../http/found.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { RecordId } from '../http/record-id.js';
import { ERASURES } from '../injection.js';
import type { ErasuresPort } from '../ports.js';
import { Needs } from '../http/needs.js';
import { erasureFor } from './shown-to.js';

@Controller('v1/erasures')
export class ErasuresController {
  readonly #erasures: ErasuresPort;

  constructor(@Inject(ERASURES) erasures: ErasuresPort) {
    this.#erasures = erasures;
  }

  @Post()
  @Needs('erasures:write')
  async erase(
    @Contract(erasureRequest) request: ErasureRequest,
    @Caller() caller: Identity,
  ): Promise<ErasureAnswer> {
    return erasureFor(caller, await this.#erasures.erase(request, caller));
  }

  @Get(':id')
  @Needs('erasures:write')
  async read(@RecordId('id') id: string, @Caller() caller: Identity): Promise<ErasureAnswer> {
    return erasureFor(caller, found(await this.#erasures.read(id)));
  }
}
