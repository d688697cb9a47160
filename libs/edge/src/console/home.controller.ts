import type { Identity } from '@kyoka/access';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { CONSOLE } from '../injection.js';
import type { ConsolePort } from './ports.js';
import { HomePage } from './views/home.js';
import { OverduePage } from './views/overdue.js';

@Controller()
export class HomeController {
  readonly #console: ConsolePort;

  constructor(@Inject(CONSOLE) console: ConsolePort) {
    this.#console = console;
  }

  @Get()
  @Needs('operations:read')
  async home(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const overview = await this.#console.overview();
    sendPage(reply, HomePage({ lang, caller, names: await this.#console.names(), overview }));
  }

  @Get('removals/overdue')
  @Needs('operations:read')
  async overdue(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const removals = await this.#console.overdue();
    sendPage(reply, OverduePage({ lang, caller, names: await this.#console.names(), removals }));
  }
}
