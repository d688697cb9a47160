import { type RecipientAnswer, type RecipientRequest, recipientRequest } from '@kyoka/contracts';
import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Contract } from '../http/contract.js';
import type { Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { RECIPIENTS } from '../injection.js';
import type { RecipientsPort } from '../ports.js';
import { Needs } from '../http/needs.js';

@Controller('v1/recipients')
export class RecipientsController {
  readonly #recipients: RecipientsPort;

  constructor(@Inject(RECIPIENTS) recipients: RecipientsPort) {
    this.#recipients = recipients;
  }

  @Post()
  @Needs('recipients:write')
  @HttpCode(200)
  register(
    @Contract(recipientRequest) request: RecipientRequest,
    @Caller() caller: Identity,
  ): Promise<RecipientAnswer> {
    return this.#recipients.register(request, caller);
  }
}
