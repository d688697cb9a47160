import { type DynamicModule, Module } from '@nestjs/common';
import { CONSOLE, PARKED, SUBJECTS } from '../injection.js';
import type { ParkedPort, SubjectsPort } from '../ports.js';
import { AudiencePagesController } from './audiences.controller.js';
import { HomeController } from './home.controller.js';
import { ParkedPagesController } from './parked.controller.js';
import { PeoplePagesController } from './people.controller.js';
import type { ConsolePort } from './ports.js';
import { SuspensionPagesController } from './suspensions.controller.js';

export interface ConsoleModuleOptions {
  readonly console: ConsolePort;
  readonly subjects: SubjectsPort;
  readonly parked: ParkedPort;
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
      ],
      providers: [
        { provide: CONSOLE, useValue: ports.console },
        { provide: SUBJECTS, useValue: ports.subjects },
        { provide: PARKED, useValue: ports.parked },
      ],
    };
  }
}
