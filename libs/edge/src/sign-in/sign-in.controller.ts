import type { BegunSession, Identity } from '@kyoka/access';
import { isKyokaError, type KyokaError } from '@kyoka/kernel';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf, SESSION_COOKIE, setCookie } from '../http/cookies.js';
import { Caller } from '../http/identity.js';
import { Needs, Open } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { answerOf } from '../http/problems.js';
import { SIGN_IN } from '../injection.js';
import { POLICIES_PATH, policiesLink } from '../published/link.js';
import { localPath } from './local-path.js';
import { LinkPage, RefusedPage, type Refusal, SignInPage } from './pages.js';
import type { SignInPort } from './sign-in-port.js';

const STATE_COOKIE = 'kyoka_sign_in';
const STATE_PATH = '/sign-in';
const STATE_SECONDS = 600;
const SECOND_MS = 1_000;
const SEE_OTHER = 303;

/**
 * How people sign in and out. A GET changes nothing but the browser's own cookies and, once, brings
 * the provider's answer home; the one-time link is used up by its button only, since links are opened
 * by scanners.
 */
@Controller()
export class SignInController {
  readonly #signIn: SignInPort;

  constructor(@Inject(SIGN_IN) signIn: SignInPort) {
    this.#signIn = signIn;
  }

  @Get('sign-in')
  @Open()
  page(
    @PageLang() lang: Lang,
    @Query('to') to: unknown,
    @Req() { server }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): FastifyReply {
    const { hasProvider } = this.#signIn;
    // Not every role that people sign in to shows the policies.
    const shown = server.hasRoute({ method: 'GET', url: POLICIES_PATH });
    const footer = shown ? [policiesLink(lang)] : [];
    return sendPage(reply, SignInPage({ lang, to: localPath(to), hasProvider, footer }));
  }

  @Get('sign-in/start')
  @Open()
  async start(
    @PageLang() lang: Lang,
    @Query('to') to: unknown,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    try {
      const { location, state } = await this.#signIn.start(localPath(to));
      void reply.header('set-cookie', this.#stateCookie(state, STATE_SECONDS));
      return reply.redirect(location, SEE_OTHER);
    } catch (fault) {
      return this.#refused(reply, lang, fault);
    }
  }

  @Get('sign-in/callback')
  @Open()
  async finish(
    @PageLang() lang: Lang,
    @Req() { url, headers }: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    void reply.header('set-cookie', this.#stateCookie('', 0));
    try {
      const query = url.slice(url.indexOf('?') + 1);
      return this.#begun(
        reply,
        await this.#signIn.finish(query, cookieOf(headers.cookie, STATE_COOKIE)),
      );
    } catch (fault) {
      return this.#refused(reply, lang, fault);
    }
  }

  @Get('sign-in/once/:secret')
  @Open()
  link(
    @PageLang() lang: Lang,
    @Param('secret') secret: string,
    @Res() reply: FastifyReply,
  ): FastifyReply {
    return sendPage(reply, LinkPage({ lang, secret }));
  }

  @Post('sign-in/once/:secret')
  @Open()
  async useLink(
    @PageLang() lang: Lang,
    @Param('secret') secret: string,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    try {
      return this.#begun(reply, await this.#signIn.useLink(secret));
    } catch (fault) {
      return this.#refused(reply, lang, fault);
    }
  }

  @Post('sign-out')
  @Needs()
  async signOut(@Caller() caller: Identity, @Res() reply: FastifyReply): Promise<FastifyReply> {
    await this.#signIn.end(caller);
    return reply.header('set-cookie', this.#sessionCookie('', 0)).redirect('/sign-in', SEE_OTHER);
  }

  #begun(reply: FastifyReply, { secret, endsAt, to }: BegunSession): FastifyReply {
    const seconds = Math.max(1, Math.floor((endsAt - Date.now()) / SECOND_MS));
    void reply.header('set-cookie', this.#sessionCookie(secret, seconds));
    return reply.redirect(to, SEE_OTHER);
  }

  #refused(reply: FastifyReply, lang: Lang, thrown: unknown): FastifyReply {
    const { status, fault } = answerOf(thrown);
    const refusal = isKyokaError(thrown) ? REFUSALS[thrown.code] : undefined;
    if (refusal === undefined) throw fault;
    return sendPage(reply, RefusedPage({ lang, refusal }), status);
  }

  #sessionCookie(value: string, maxAgeSeconds: number): string {
    return setCookie(SESSION_COOKIE, value, {
      secure: this.#signIn.secure,
      path: '/',
      maxAgeSeconds,
    });
  }

  #stateCookie(value: string, maxAgeSeconds: number): string {
    return setCookie(STATE_COOKIE, value, {
      secure: this.#signIn.secure,
      path: STATE_PATH,
      maxAgeSeconds,
    });
  }
}

const REFUSALS: Readonly<Partial<Record<KyokaError['code'], Refusal>>> = {
  unauthenticated: 'again',
  not_permitted: 'noRole',
  network_unavailable: 'away',
  database_unavailable: 'away',
};
