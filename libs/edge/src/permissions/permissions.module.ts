import { type DynamicModule, Module } from '@nestjs/common';
import { DECISIONS, ERASURES, FREEZES, SUBJECTS, SUSPENSIONS } from '../injection.js';
import type {
  DecisionsPort,
  ErasuresPort,
  FreezesPort,
  SubjectsPort,
  SuspensionsPort,
} from '../ports.js';
import { DecisionsController } from './decisions.controller.js';
import { ErasuresController } from './erasures.controller.js';
import { FreezesController } from './freezes.controller.js';
import { SubjectsController } from './subjects.controller.js';
import { SuspensionsController } from './suspensions.controller.js';

export interface PermissionsModuleOptions {
  readonly decisions: DecisionsPort;
  readonly subjects: SubjectsPort;
  readonly suspensions: SuspensionsPort;
  readonly erasures: ErasuresPort;
  readonly freezes: FreezesPort;
}

/** The role `permissions`: decisions, subjects, suspensions, freezes. */
@Module({})
export class PermissionsModule {
  static with(ports: PermissionsModuleOptions): DynamicModule {
    return {
      module: PermissionsModule,
      controllers: [
        DecisionsController,
        SubjectsController,
        SuspensionsController,
        ErasuresController,
        FreezesController,
      ],
      providers: [
        { provide: DECISIONS, useValue: ports.decisions },
        { provide: SUBJECTS, useValue: ports.subjects },
        { provide: SUSPENSIONS, useValue: ports.suspensions },
        { provide: ERASURES, useValue: ports.erasures },
        { provide: FREEZES, useValue: ports.freezes },
      ],
    };
  }
}
