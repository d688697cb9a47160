import type { Identity } from '@kyoka/access';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { found } from '../http/found.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { CONSOLE } from '../injection.js';
import type { ConsolePort } from './ports.js';
import { PolicyRecordPage } from './views/policy.js';
import { PoliciesPage } from './views/policies.js';

@Controller('policies')
export class PolicyPagesController {
  readonly #console: ConsolePort;

  constructor(@Inject(CONSOLE) console: ConsolePort) {
    this.#console = console;
  }

  @Get()
  @Needs('operations:read')
  async list(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    sendPage(reply, PoliciesPage({ lang, caller, policies: await this.#console.policies() }));
  }

  @Get(':key')
  @Needs('operations:read')
  async one(
    @Param('key') key: string,
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const version = found((await this.#console.policies()).find((one) => one.key === key));
    sendPage(reply, PolicyRecordPage({ lang, caller, version }));
  }
}
