import type { Identity } from '@kyoka/access';
import {
  type LinkAnswer,
  type LinkBatchAnswer,
  type LinkBatchRequest,
  linkBatchRequest,
  type LinkRequest,
  linkRequest,
} from '@kyoka/contracts';
import { Controller, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { RecordId } from '../http/record-id.js';
import { LINKS } from '../injection.js';
import type { LinksPort } from '../ports.js';

/** Who makes a link can read the person's page and stop for them, so both rights are needed. */
@Controller('v1')
export class LinksController {
  readonly #links: LinksPort;

  constructor(@Inject(LINKS) links: LinksPort) {
    this.#links = links;
  }

  @Post('subjects/:id/page-tokens')
  @Needs('subjects:read', 'suspensions:write')
  make(
    @RecordId('id') id: string,
    @Contract(linkRequest) request: LinkRequest,
    @Caller() caller: Identity,
  ): Promise<LinkAnswer> {
    return this.#links.make(id, request, caller);
  }

  @Post('page-tokens::batch')
  @Needs('subjects:read', 'suspensions:write')
  makeMany(
    @Contract(linkBatchRequest) request: LinkBatchRequest,
    @Caller() caller: Identity,
  ): Promise<LinkBatchAnswer> {
    return this.#links.makeMany(request, caller);
  }
}
