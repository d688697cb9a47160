import type { Identity } from '@kyoka/access';
import { dismissRequest, parkedQuery, type ReplayRequest, replayRequest } from '@kyoka/contracts';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { countsIn } from '../http/counts-in.js';
import { requireContract } from '../http/contract.js';
import { FormFields } from '../http/form.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { isRecordId } from '../http/record-id.js';
import { PARKED } from '../injection.js';
import type { ParkedPort } from '../ports.js';
import { type ParkedDone, ParkedPage } from './views/parked.js';

const SEE_OTHER = 303;
const REFUSED = 400;
const DONE = ['tried', 'accepted', 'expired', 'dismissed'] as const satisfies (keyof ParkedDone)[];

@Controller('parked')
export class ParkedPagesController {
  readonly #parked: ParkedPort;

  constructor(@Inject(PARKED) parked: ParkedPort) {
    this.#parked = parked;
  }

  @Get()
  @Needs('parked:read')
  async list(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { after } = query;
    const parked = await this.#parked.list(
      typeof after === 'string' && isRecordId(after) ? { after } : {},
    );
    sendPage(reply, ParkedPage({ lang, caller, parked, done: countsIn(query, DONE) }));
  }

  /** Then the list again, so that asking for it anew replays nothing. */
  @Post('replay')
  @Needs('parked:replay')
  async replay(
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const request = requireContract(replayRequest, wishOf(form));
    const { replayed, expired } = await this.#parked.replay(request, caller);
    const taken = replayed.filter(({ answer: { outcome } }) => outcome !== 'parked');
    void reply.redirect(
      `/parked?tried=${replayed.length}&accepted=${taken.length}&expired=${expired.length}`,
      SEE_OTHER,
    );
  }

  @Post('dismiss')
  @Needs('parked:replay')
  async dismiss(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const id = form.get('id') ?? '';
    const reason = (form.get('reason') ?? '').trim();
    if (reason === '') {
      const parked = await this.#parked.list({});
      const page = ParkedPage({ lang, caller, parked, done: {}, unexplained: id });
      sendPage(reply, page, REFUSED);
      return;
    }
    requireContract(parkedQuery, { after: id });
    await this.#parked.dismiss(id, requireContract(dismissRequest, { reason }).reason, caller);
    void reply.redirect('/parked?dismissed=1', SEE_OTHER);
  }
}

/** One event by its id, or all of a reason. */
function wishOf(form: URLSearchParams): unknown {
  const id = form.get('id');
  return {
    ...(id === null ? { reason: form.get('reason') ?? '' } : { ids: [id] }),
    ...(form.get('accept') === 'unauthenticated' && { acceptUnauthenticated: true }),
  } satisfies Partial<Record<keyof ReplayRequest, unknown>>;
}
