import type { Identity } from '@kyoka/access';
import type { SubjectSelector } from '@kyoka/contracts';
import { isKyokaError } from '@kyoka/kernel';
import type { Lang } from '@kyoka/pages';
import { Controller, Get, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { FormFields } from '../http/form.js';
import { found } from '../http/found.js';
import { Caller } from '../http/identity.js';
import { Needs } from '../http/needs.js';
import { PageLang, sendPage } from '../http/page.js';
import { RecordId } from '../http/record-id.js';
import { CONSOLE, SUBJECTS } from '../injection.js';
import type { SubjectsPort } from '../ports.js';
import { readLookUp } from './look-up.js';
import type { ConsolePort } from './ports.js';
import { ErasedPage } from './views/erased.js';
import { LookUpPage } from './views/people.js';
import { PersonPage } from './views/person.js';

const REFUSED = 400;

@Controller('people')
export class PeoplePagesController {
  readonly #console: ConsolePort;
  readonly #subjects: SubjectsPort;

  constructor(@Inject(CONSOLE) console: ConsolePort, @Inject(SUBJECTS) subjects: SubjectsPort) {
    this.#console = console;
    this.#subjects = subjects;
  }

  @Get()
  @Needs('subjects:read')
  form(@PageLang() lang: Lang, @Caller() caller: Identity, @Res() reply: FastifyReply): void {
    sendPage(reply, LookUpPage({ lang, caller }));
  }

  /** Finds by POST, so that a contact is in no address, history or log; the answer doesn't repeat it. */
  @Post()
  @Needs('subjects:read')
  async find(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @FormFields() form: URLSearchParams,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { entered, ...lookUp } = readLookUp(form);
    if ('faults' in lookUp) {
      sendPage(
        reply,
        LookUpPage({
          lang,
          caller,
          names: await this.#console.names(),
          entered,
          faults: lookUp.faults,
        }),
        REFUSED,
      );
      return;
    }
    const ids = await this.#find(lookUp.selector, caller);
    const page =
      ids === undefined
        ? LookUpPage({
            lang,
            caller,
            names: await this.#console.names(),
            entered,
            faults: { value: 'needValue' },
          })
        : LookUpPage({ lang, caller, names: await this.#console.names(), entered, found: ids });
    sendPage(reply, page, ids === undefined ? REFUSED : undefined);
  }

  @Get(':id')
  @Needs('subjects:read')
  async read(
    @PageLang() lang: Lang,
    @Caller() caller: Identity,
    @RecordId('id') id: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const subject = found(await this.#subjects.read(id, caller));
    if ('erased' in subject) {
      sendPage(reply, ErasedPage({ lang, caller, names: await this.#console.names(), subject }));
      return;
    }
    const uses = await this.#console.uses(id);
    sendPage(
      reply,
      PersonPage({ lang, caller, names: await this.#console.names(), subject, uses }),
    );
  }

  /** `undefined` for a contact that can't be looked up. */
  async #find(selector: SubjectSelector, caller: Identity): Promise<string[] | undefined> {
    try {
      return await this.#subjects.find(selector, caller);
    } catch (fault) {
      if (isKyokaError(fault) && fault.code === 'bad_input') return undefined;
      throw fault;
    }
  }
}
