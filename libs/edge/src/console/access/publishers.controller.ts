import type { Identity } from '@kyoka/access';
import { revokePublisherRequest } from '@kyoka/contracts';
import { formatInstant, tokyoDayBounds } from '@kyoka/kernel';
import type { Lang } from '@kyoka/pages';
import { Controller, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { requireContract } from '../../http/contract.js';
import { FormFields } from '../../http/form.js';
import { found } from '../../http/found.js';
import { Caller } from '../../http/identity.js';
import { Needs } from '../../http/needs.js';
import { PageLang, sendPage } from '../../http/page.js';
import { isRecordId } from '../../http/record-id.js';
import { PUBLISHERS } from '../../injection.js';
import type { PublishersPort } from '../../ports.js';
import { PublisherPage } from '../views/access/publisher-page.js';

const REFUSED = 400;
const SEE_OTHER = 303;

/** New keys for publishers, and their end. */
@Controller('access/publishers')
export class PublisherPagesController {
  readonly #publishers: PublishersPort;

  constructor(@Inject(PUBLISHERS) publishers: PublishersPort) {
    this.#publishers = publishers;
  }

  /** The answer holds the key, this once. */
  @Post('rotate')
  @Needs('publishers:write')
  async rotate(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const publisher = await this.#named(form);
    const day = (form.get('overlap') ?? '').trim();
    const last = tokyoDayBounds(day)?.last;
    if (day !== '' && last === undefined) {
      const page = PublisherPage({ lang, caller, publisher, fault: 'needOverlap' });
      sendPage(reply, page, REFUSED);
      return;
    }
    const made = await this.#publishers.rotate(
      publisher.id,
      last === undefined ? {} : { overlapUntil: formatInstant(last) },
      caller,
    );
    sendPage(reply, PublisherPage({ lang, caller, publisher, made }));
  }

  @Post('revoke')
  @Needs('publishers:write')
  async revoke(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const publisher = await this.#named(form);
    const reason = (form.get('reason') ?? '').trim();
    if (reason === '') {
      const page = PublisherPage({ lang, caller, publisher, fault: 'needReason' });
      sendPage(reply, page, REFUSED);
      return;
    }
    const request = requireContract(revokePublisherRequest, { reason });
    await this.#publishers.revoke(publisher.id, request.reason, caller);
    void reply.redirect('/access?publisher=1', SEE_OTHER);
  }

  async #named(form: URLSearchParams) {
    const id = form.get('id') ?? '';
    const { publishers } = await this.#publishers.list();
    return found(isRecordId(id) ? publishers.find((one) => one.id === id) : undefined);
  }
}
