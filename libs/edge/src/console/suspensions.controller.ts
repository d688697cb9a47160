import type { Identity } from '@kyoka/access';
import { parseInstant } from '@kyoka/kernel';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { found } from '../http/found.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { isRecordId, RecordId } from '../http/record-id.js';
import { CONSOLE } from '../injection.js';
import type { ConsolePort } from './ports.js';
import type { StopCursor } from './read/stops.js';
import { StopDetailPage, StopsPage } from './views/stops.js';

@Controller('suspensions')
export class SuspensionPagesController {
  readonly #console: ConsolePort;

  constructor(@Inject(CONSOLE) console: ConsolePort) {
    this.#console = console;
  }

  @Get()
  @Needs('operations:read')
  async list(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @Query() query: Readonly<Record<string, unknown>>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.#console.stops(cursorOf(query));
    sendPage(reply, StopsPage({ lang, caller, names: await this.#console.names(), page }));
  }

  @Get(':id')
  @Needs('operations:read')
  async read(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @RecordId('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const stop = found(await this.#console.stop(id));
    sendPage(reply, StopDetailPage({ lang, caller, names: await this.#console.names(), stop }));
  }
}

/** Anything else than a place of ours begins at the newest. */
function cursorOf({ before, id }: Readonly<Record<string, unknown>>): StopCursor | undefined {
  if (typeof before !== 'string' || typeof id !== 'string') return undefined;
  return parseInstant(before) !== undefined && isRecordId(id) ? { before, id } : undefined;
}
