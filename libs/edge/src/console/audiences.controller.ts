import type { Identity } from '@kyoka/access';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { found } from '../http/found.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { RecordId } from '../http/record-id.js';
import { CONSOLE } from '../injection.js';
import type { ConsolePort } from './ports.js';
import { AudiencePage, AudiencesPage } from './views/audiences.js';

@Controller('audiences')
export class AudiencePagesController {
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
    const { audiences } = (await this.#console.overview()).pulse.value;
    sendPage(reply, AudiencesPage({ lang, caller, names: await this.#console.names(), audiences }));
  }

  /** One audience; with `?run=` an older run of it is shown whole. */
  @Get(':id')
  @Needs('operations:read')
  async read(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @RecordId('id') id: string,
    @Query('run') asked: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const detail = found(await this.#console.audience(id));
    const run = detail.runs.find((one) => one.id === asked) ?? detail.runs[0];
    sendPage(
      reply,
      AudiencePage({
        lang,
        caller,
        names: await this.#console.names(),
        detail,
        run,
        now: this.#console.now(),
      }),
    );
  }
}
