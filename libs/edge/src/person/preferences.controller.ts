import { KyokaError } from '@kyoka/kernel';
import type { Lang } from '@kyoka/pages';
import {
  askConfirmation,
  cellNamed,
  type CellView,
  findLink,
  type LinkHolder,
  type PersonPorts,
  type PersonView,
  readPersonView,
  readReceipts,
  requestReceipt,
  stopOnPage,
  type StopWish,
} from '@kyoka/person';
import { queryable } from '@kyoka/postgres';
import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormFields } from '../http/form.js';
import { Open } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { RecordId } from '../http/record-id.js';
import { PERSON } from '../injection.js';
import { stopFrom } from './form-wish.js';
import { refuseLink } from './link-door.js';
import { AllowPage, AskedPage } from './views/allow-pages.js';
import { PreferencesPage } from './views/preferences-page.js';
import { ReceiptPage } from './views/receipt-page.js';
import { WrongLinks } from './wrong-links.js';

const BAD_REQUEST = 400;
const TOO_MANY = 429;
const TRY_AGAIN_SECONDS = 3_600;

/** What each handler works with: a valid link, what stands behind it, and how to answer. */
interface Opened {
  readonly holder: LinkHolder;
  readonly view: PersonView;
  readonly path: string;
  readonly lang: Lang;
  readonly reply: FastifyReply;
}

/** The preference page `/p/{token}`. The link is the authority: no login, no session, no cookie. */
@Controller('p')
export class PreferencesController {
  readonly #person: PersonPorts;
  readonly #wrong: WrongLinks;

  constructor(@Inject(PERSON) person: PersonPorts, @Inject(WrongLinks) wrong: WrongLinks) {
    this.#person = person;
    this.#wrong = wrong;
  }

  @Get(':token')
  @Open()
  show(
    @Param('token') token: string,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.#behind(token, { lang, request, reply }, (opened) => this.#preferences(opened));
  }

  @Get(':token/allow')
  @Open()
  allow(
    @Param('token') token: string,
    @Query('cell') key: unknown,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.#behind(token, { lang, request, reply }, async (opened) => {
      const { view, path, holder } = opened;
      const cell = this.#allowable(view, typeof key === 'string' ? key : '');
      if (cell === undefined) return this.#preferences(opened);
      const preset = Math.max(
        view.mailTargets.findIndex((one) => holder.contact?.equals(one.token)),
        0,
      );
      return sendPage(reply, AllowPage({ lang, view, cell, preset, path }));
    });
  }

  @Get(':token/stops/:id')
  @Open()
  receipt(
    @Param('token') token: string,
    @RecordId('id') id: string,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.#behind(token, { lang, request, reply }, async ({ view, path }) => {
      const receipts = await this.#receipts(view.subjectId, [id]);
      if (receipts.length === 0) return refuseLink(request, reply, { lang, wrong: this.#wrong });
      return sendPage(reply, ReceiptPage({ lang, names: view, receipts, path, fresh: false }));
    });
  }

  @Post(':token')
  @Open()
  act(
    @Param('token') token: string,
    @FormFields() fields: URLSearchParams,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    return this.#behind(token, { lang, request, reply }, (opened) => {
      const wish = stopFrom(fields);
      if (wish !== undefined) return this.#stop(opened, wish, fields.get('receipt') === 'mail');
      const cell = this.#allowable(opened.view, fields.get('allow') ?? '');
      if (cell !== undefined) return this.#ask(opened, cell, Number(fields.get('to') ?? 0));
      return this.#preferences(opened, { unreadable: true });
    });
  }

  async #behind(
    token: string,
    { lang, request, reply }: { lang: Lang; request: FastifyRequest; reply: FastifyReply },
    answer: (opened: Opened) => Promise<FastifyReply>,
  ): Promise<FastifyReply> {
    const db = queryable(this.#person.permissions);
    const holder = await findLink(db, this.#person, 'preferences', token);
    const view = holder && (await readPersonView(this.#person, holder.subjectId));
    if (holder === undefined || view === undefined)
      return refuseLink(request, reply, { lang, wrong: this.#wrong });
    return answer({ holder, view, path: `/p/${token}`, lang, reply });
  }

  async #preferences(
    { view, path, lang, reply }: Opened,
    { unreadable = false } = {},
  ): Promise<FastifyReply> {
    const { mailing } = this.#person;
    const page = PreferencesPage({ lang, view, path, mailing, unreadable });
    return sendPage(reply, page, unreadable ? BAD_REQUEST : undefined);
  }

  /** A cell that the person's confirmed wish could allow, and that a confirmation can be sent for. */
  #allowable(view: PersonView, key: string): CellView | undefined {
    const cell = cellNamed(
      view.purposes.flatMap(({ cells }) => cells),
      key,
    );
    return this.#person.mailing && view.mailTargets.length > 0 && cell?.allowable === true
      ? cell
      : undefined;
  }

  async #stop(opened: Opened, wish: StopWish, byMail: boolean): Promise<FastifyReply> {
    const { holder, view, path, lang, reply } = opened;
    const { subjectId } = holder;
    const ids = await stopOnPage(this.#person, holder, wish);
    const [stopId] = ids;
    const contact = view.mailTargets[0]?.token;
    const mailed = byMail && this.#person.mailing && stopId !== undefined && contact !== undefined;
    if (mailed) await requestReceipt(this.#person, { stopId, subjectId, contact, lang });
    const receipts = await this.#receipts(subjectId, ids);
    const page = ReceiptPage({ lang, names: view, receipts, path, fresh: true, mailed });
    return sendPage(reply, page);
  }

  async #ask(opened: Opened, cell: CellView, place: number): Promise<FastifyReply> {
    const { holder, view, path, lang, reply } = opened;
    const target = view.mailTargets[place] ?? view.mailTargets[0];
    if (target === undefined || view.policy === undefined)
      throw new KyokaError('internal', 'a cell was offered that nothing can be sent for');
    const { purpose, channel, recipient } = cell;
    const asked = await askConfirmation(this.#person, {
      subjectId: holder.subjectId,
      contact: target.token,
      lang,
      wish: {
        policy: view.policy.key,
        cells: [{ purpose, channel, ...(recipient !== undefined && { recipient }) }],
        adsOn: channel === 'ads',
      },
    });
    const tooMany = asked === 'too_many';
    if (tooMany) void reply.header('retry-after', String(TRY_AGAIN_SECONDS));
    const page = AskedPage({ lang, to: target.masked, path, tooMany });
    return sendPage(reply, page, tooMany ? TOO_MANY : undefined);
  }

  #receipts(subjectId: string, ids: readonly string[]) {
    return readReceipts(queryable(this.#person.permissions), subjectId, ids);
  }
}
