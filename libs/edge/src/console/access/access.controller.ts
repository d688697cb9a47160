import type { Identity } from '@kyoka/access';
import { isKyokaError } from '@kyoka/kernel';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { countsIn } from '../../http/counts-in.js';
import { FormFields } from '../../http/form.js';
import { found } from '../../http/found.js';
import { Caller } from '../../http/identity.js';
import { Needs } from '../../http/needs.js';
import { PageLang, sendPage } from '../../http/page.js';
import { answerOf } from '../../http/problems.js';
import { isRecordId } from '../../http/record-id.js';
import { CONSOLE, PUBLISHERS, SESSIONS, TOKENS } from '../../injection.js';
import type { PublishersPort, SessionsPort, TokensPort } from '../../ports.js';
import { AccessPage, type AccessPageProps } from '../views/access/access-page.js';
import type { ConsolePort } from '../ports.js';
import { ACCESS_DONE } from './done.js';
import { readTokenForm, refusedFields } from './token-form.js';

const REFUSED = 400;
const SEE_OTHER = 303;
const OWNER = /^(?:user|service):[A-Za-z0-9._|-]{1,128}$/;

/** Who may do what: tokens and sessions, each as far as whoever looks may see and end them. */
@Controller('access')
export class AccessPagesController {
  readonly #tokens: TokensPort;
  readonly #sessions: SessionsPort;
  readonly #publishers: PublishersPort;
  readonly #console: ConsolePort;

  constructor(
    @Inject(TOKENS) tokens: TokensPort,
    @Inject(SESSIONS) sessions: SessionsPort,
    @Inject(PUBLISHERS) publishers: PublishersPort,
    @Inject(CONSOLE) console: ConsolePort,
  ) {
    this.#tokens = tokens;
    this.#sessions = sessions;
    this.#publishers = publishers;
    this.#console = console;
  }

  @Get()
  @Needs()
  async show(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#send(reply, { lang, caller, done: countsIn(query, ACCESS_DONE) });
  }

  /** The answer holds the token, this once: it is sent by no redirect, which would carry it in an address. */
  @Post('tokens')
  @Needs()
  async make(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { entered, request, faults } = readTokenForm(form);
    if (request === undefined) {
      await this.#send(reply, { lang, caller, entered, faults }, REFUSED);
      return;
    }
    try {
      const made = await this.#tokens.make(request, caller);
      await this.#send(reply, { lang, caller, made });
    } catch (fault) {
      const refused = isKyokaError(fault) ? refusedFields(fault) : {};
      if (Object.keys(refused).length === 0) throw fault;
      const { status } = answerOf(fault);
      await this.#send(reply, { lang, caller, entered, faults: refused }, status);
    }
  }

  @Post('tokens/revoke')
  @Needs()
  async revoke(
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { revoked } = await this.#tokens.revoke(idIn(form), caller);
    void reply.redirect(`/access?revoked=${revoked.length}`, SEE_OTHER);
  }

  @Post('sessions/end')
  @Needs()
  async end(
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await this.#sessions.end(idIn(form), caller);
    void reply.redirect('/access?ended=1', SEE_OTHER);
  }

  @Post('owners/end')
  @Needs('tokens:write')
  async endOwner(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const owner = (form.get('owner') ?? '').trim();
    if (!OWNER.test(owner)) {
      await this.#send(reply, { lang, caller, faults: { whom: 'needWhom' } }, REFUSED);
      return;
    }
    const { revoked } = await this.#tokens.endOwner(owner, caller);
    void reply.redirect(`/access?revoked=${revoked.length}`, SEE_OTHER);
  }

  async #send(
    reply: FastifyReply,
    props: Omit<AccessPageProps, 'tokens' | 'sessions' | 'publishers' | 'now'>,
    status?: number,
  ): Promise<void> {
    const { caller } = props;
    const { tokens } = await this.#tokens.list(caller);
    const sessions = await this.#sessions.list(caller);
    const publishers = caller.scopes.has('publishers:write')
      ? (await this.#publishers.list()).publishers
      : undefined;
    const page = AccessPage({ ...props, tokens, sessions, publishers, now: this.#console.now() });
    sendPage(reply, page, status);
  }
}

/** @throws KyokaError `not_found` for what is no id */
function idIn(form: URLSearchParams): string {
  const id = form.get('id') ?? '';
  return found(isRecordId(id) ? id : undefined);
}
