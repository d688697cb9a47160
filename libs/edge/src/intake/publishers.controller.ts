import type { Identity } from '@kyoka/access';
import {
  type PublisherAnswer,
  type PublisherKeyAnswer,
  type PublisherRequest,
  publisherRequest,
  type PublishersAnswer,
  type RevokePublisherRequest,
  revokePublisherRequest,
  type RotatePublisherRequest,
  rotatePublisherRequest,
} from '@kyoka/contracts';
import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { RecordId } from '../http/record-id.js';
import { PUBLISHERS } from '../injection.js';
import type { PublishersPort } from '../ports.js';

@Controller('v1/publishers')
export class PublishersController {
  readonly #publishers: PublishersPort;

  constructor(@Inject(PUBLISHERS) publishers: PublishersPort) {
    this.#publishers = publishers;
  }

  @Get()
  @Needs('publishers:write')
  list(): Promise<PublishersAnswer> {
    return this.#publishers.list();
  }

  @Post()
  @Needs('publishers:write')
  register(
    @Contract(publisherRequest) request: PublisherRequest,
    @Caller() caller: Identity,
  ): Promise<PublisherKeyAnswer> {
    return this.#publishers.register(request, caller);
  }

  @Post(':id/rotate')
  @Needs('publishers:write')
  rotate(
    @RecordId('id') id: string,
    @Contract(rotatePublisherRequest) request: RotatePublisherRequest,
    @Caller() caller: Identity,
  ): Promise<PublisherKeyAnswer> {
    return this.#publishers.rotate(id, request, caller);
  }

  @Post(':id/revoke')
  @Needs('publishers:write')
  @HttpCode(200)
  revoke(
    @RecordId('id') id: string,
    @Contract(revokePublisherRequest) { reason }: RevokePublisherRequest,
    @Caller() caller: Identity,
  ): Promise<PublisherAnswer> {
    return this.#publishers.revoke(id, reason, caller);
  }
}
