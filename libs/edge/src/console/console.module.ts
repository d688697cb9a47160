import { type DynamicModule, Module } from '@nestjs/common';
import { CONSOLE, PARKED, PUBLISHERS, SESSIONS, SUBJECTS, TOKENS } from '../injection.js';
import type {
  ParkedPort,
  PublishersPort,
  SessionsPort,
  SubjectsPort,
  TokensPort,
} from '../ports.js';
import { AccessPagesController } from './access/access.controller.js';
import { AudiencePagesController } from './audiences.controller.js';
import { HomeController } from './home.controller.js';
import { PublisherPagesController } from './access/publishers.controller.js';
import { ParkedPagesController } from './parked.controller.js';
import { PolicyPagesController } from './policies.controller.js';
import { PeoplePagesController } from './people.controller.js';
import type { ConsolePort } from './ports.js';
import { SuspensionPagesController } from './suspensions.controller.js';

export interface ConsoleModuleOptions {
  readonly console: ConsolePort;
  readonly subjects: SubjectsPort;
  readonly parked: ParkedPort;
  readonly publishers: PublishersPort;
  readonly tokens: TokensPort;
  readonly sessions: SessionsPort;
}

/** The role `console`: pages for the company's people. */
@Module({})
export class ConsoleModule {
  static with(ports: ConsoleModuleOptions): DynamicModule {
    return {
      module: ConsoleModule,
      controllers: [
        HomeController,
        AudiencePagesController,
        SuspensionPagesController,
        PeoplePagesController,
        ParkedPagesController,
        AccessPagesController,
        PublisherPagesController,
        PolicyPagesController,
      ],
      providers: [
        { provide: CONSOLE, useValue: ports.console },
        { provide: SUBJECTS, useValue: ports.subjects },
        { provide: PARKED, useValue: ports.parked },
        { provide: PUBLISHERS, useValue: ports.publishers },
        { provide: TOKENS, useValue: ports.tokens },
        { provide: SESSIONS, useValue: ports.sessions },
      ],
    };
  }
}
