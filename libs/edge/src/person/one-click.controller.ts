import type { Lang } from '@kyoka/pages';
import {
  findLink,
  type LinkHolder,
  type PersonPorts,
  readPersonView,
  stopByOneClick,
} from '@kyoka/person';
import { queryable } from '@kyoka/postgres';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormFields } from '../http/form.js';
import { Open } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { PERSON } from '../injection.js';
import { refuseLink } from './link-door.js';
import { OneClickPage, UnsubscribedPage } from './views/one-click-pages.js';
import { WrongLinks } from './wrong-links.js';

const BAD_REQUEST = 400;

/**
 * One-click unsubscription (RFC 8058): a mail program posts one field, without a cookie or a login,
 * and it is done. Whoever only follows the link gets a button, since scanners follow links, too.
 */
@Controller('u')
export class OneClickController {
  readonly #person: PersonPorts;
  readonly #wrong: WrongLinks;

  constructor(@Inject(PERSON) person: PersonPorts, @Inject(WrongLinks) wrong: WrongLinks) {
    this.#person = person;
    this.#wrong = wrong;
  }

  @Get(':token')
  @Open()
  async show(
    @Param('token') token: string,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const holder = await this.#holder(token);
    return holder === undefined
      ? refuseLink(request, reply, { lang, wrong: this.#wrong })
      : this.#button(holder, token, { lang, reply });
  }

  @Post(':token')
  @Open()
  async stop(
    @Param('token') token: string,
    @FormFields() fields: URLSearchParams,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const holder = await this.#holder(token);
    if (holder === undefined) return refuseLink(request, reply, { lang, wrong: this.#wrong });
    if (fields.get('List-Unsubscribe') !== 'One-Click')
      return this.#button(holder, token, { lang, reply, status: BAD_REQUEST });
    await stopByOneClick(this.#person, holder);
    return sendPage(reply, UnsubscribedPage({ lang }));
  }

  #holder(token: string): Promise<LinkHolder | undefined> {
    return findLink(queryable(this.#person.permissions), this.#person, 'one_click', token);
  }

  async #button(
    { subjectId, scope }: LinkHolder,
    token: string,
    { lang, reply, status }: { lang: Lang; reply: FastifyReply; status?: number },
  ): Promise<FastifyReply> {
    const view = await readPersonView(this.#person, subjectId);
    const names = { policy: view?.policy, recipientNames: view?.recipientNames ?? new Map() };
    return sendPage(reply, OneClickPage({ lang, names, scope, path: `/u/${token}` }), status);
  }
}
