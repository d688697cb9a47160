import type { Lang } from '@kyoka/pages';
import {
  type Cell,
  cellKey,
  cellNamed,
  type Confirmation,
  findConfirmation,
  type PersonPorts,
  type PersonView,
  readPersonView,
  useConfirmation,
} from '@kyoka/person';
import { Controller, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FormFields } from '../http/form.js';
import { Open } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { PERSON } from '../injection.js';
import { refuseLink } from './link-door.js';
import { ConfirmPage, DonePage } from './views/allow-pages.js';
import { WrongLinks } from './wrong-links.js';

/** The page behind the link of a confirmation mail. Opening it changes nothing; its button works once. */
@Controller('p/confirm')
export class ConfirmController {
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
    const { found, view } = await this.#behind(token);
    if (found === undefined || view === undefined)
      return refuseLink(request, reply, { lang, wrong: this.#wrong });
    const path = `/p/confirm/${token}`;
    return sendPage(reply, ConfirmPage({ lang, view, cells: found.wish.cells, path }));
  }

  @Post(':token')
  @Open()
  async confirm(
    @Param('token') token: string,
    @FormFields() _fields: URLSearchParams,
    @PageLang() lang: Lang,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<FastifyReply> {
    const { found, view: before } = await this.#behind(token);
    if (found === undefined || before === undefined)
      return refuseLink(request, reply, { lang, wrong: this.#wrong });
    const outcome = await useConfirmation(this.#person, found);
    const view = (await readPersonView(this.#person, found.subjectId)) ?? before;
    return sendPage(
      reply,
      DonePage({ lang, view, outcome, cells: standing(view, found.wish.cells) }),
    );
  }

  async #behind(token: string): Promise<{ found?: Confirmation; view?: PersonView }> {
    const found = await findConfirmation(this.#person, token);
    if (found === undefined) return {};
    const view = await readPersonView(this.#person, found.subjectId);
    return { found, ...(view && { view }) };
  }
}

const standing = (view: PersonView, cells: readonly Cell[]) => {
  const all = view.purposes.flatMap((one) => one.cells);
  return cells.flatMap((cell) => cellNamed(all, cellKey(cell)) ?? []);
};
