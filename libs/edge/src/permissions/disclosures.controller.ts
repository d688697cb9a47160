import type { Identity } from '@kyoka/access';
import {
  type DisclosureAnswer,
  disclosureApproval,
  type DisclosureApproval,
  disclosureRequest,
  type DisclosureRequest,
  type DisclosuresAnswer,
  disclosuresQuery,
  type DisclosuresQuery,
  type HandOverAnswer,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract, QueryContract } from '../http/contract.js';
import { found } from '../http/found.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { RecordId } from '../http/record-id.js';
import { DISCLOSURES } from '../injection.js';
import type { DisclosuresPort } from '../ports.js';

@Controller('v1/disclosures')
export class DisclosuresController {
  readonly #disclosures: DisclosuresPort;

  constructor(@Inject(DISCLOSURES) disclosures: DisclosuresPort) {
    this.#disclosures = disclosures;
  }

  @Get()
  @Needs('subjects:read')
  list(
    @QueryContract(disclosuresQuery) query: DisclosuresQuery,
    @Caller() caller: Identity,
  ): Promise<DisclosuresAnswer> {
    return this.#disclosures.list(query, caller);
  }

  @Get(':id')
  @Needs('subjects:read')
  async read(@RecordId('id') id: string, @Caller() caller: Identity): Promise<DisclosureAnswer> {
    return found(await this.#disclosures.read(id, caller));
  }

  @Post()
  @Needs('disclosures:write', 'subjects:read')
  open(
    @Contract(disclosureRequest) request: DisclosureRequest,
    @Caller() caller: Identity,
  ): Promise<DisclosureAnswer> {
    return this.#disclosures.open(request, caller);
  }

  @Post(':id/approval')
  @Needs('disclosures:approve', 'subjects:read')
  @HttpCode(200)
  decide(
    @RecordId('id') id: string,
    @Contract(disclosureApproval) approval: DisclosureApproval,
    @Caller() caller: Identity,
  ): Promise<DisclosureAnswer> {
    return this.#disclosures.decide(id, approval, caller);
  }

  @Post(':id/hand-over')
  @Needs('subjects:read')
  @HttpCode(200)
  handOver(@RecordId('id') id: string, @Caller() caller: Identity): Promise<HandOverAnswer> {
    return this.#disclosures.handOver(id, caller);
  }
}
