import { type SuspensionAnswer, type SuspensionRequest, suspensionRequest } from '@kyoka/contracts';
import { Controller, Get, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { found } from '../http/found.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { RecordId } from '../http/record-id.js';
import { SUSPENSIONS } from '../injection.js';
import type { SuspensionsPort } from '../ports.js';
import { Needs } from '../http/needs.js';
import { suspensionFor } from './shown-to.js';

@Controller('v1/suspensions')
export class SuspensionsController {
  readonly #suspensions: SuspensionsPort;

  constructor(@Inject(SUSPENSIONS) suspensions: SuspensionsPort) {
    this.#suspensions = suspensions;
  }

  @Post()
  @Needs('suspensions:write')
  async suspend(
    @Contract(suspensionRequest) request: SuspensionRequest,
    @Caller() caller: Identity,
  ): Promise<SuspensionAnswer> {
    return suspensionFor(caller, await this.#suspensions.suspend(request, caller));
  }

  @Get(':id')
  @Needs('suspensions:write')
  async read(@RecordId('id') id: string, @Caller() caller: Identity): Promise<SuspensionAnswer> {
    return suspensionFor(caller, found(await this.#suspensions.read(id)));
  }
}
