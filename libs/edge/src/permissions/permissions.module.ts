import { type DynamicModule, Module } from '@nestjs/common';
import {
  DECISIONS,
  DISCLOSURES,
  ERASURES,
  FREEZES,
  LINKS,
  READERS,
  SUBJECTS,
  SUSPENSIONS,
} from '../injection.js';
import { LinksController } from '../person/links.controller.js';
import type {
  DecisionsPort,
  DisclosuresPort,
  ErasuresPort,
  FreezesPort,
  LinksPort,
  ReadersPort,
  SubjectsPort,
  SuspensionsPort,
} from '../ports.js';
import { DecisionsController } from './decisions.controller.js';
import { DisclosuresController } from './disclosures.controller.js';
import { ErasuresController } from './erasures.controller.js';
import { FreezesController } from './freezes.controller.js';
import { ReadersController } from './readers.controller.js';
import { SubjectsController } from './subjects.controller.js';
import { SuspensionsController } from './suspensions.controller.js';

export interface PermissionsModuleOptions {
  readonly decisions: DecisionsPort;
  readonly subjects: SubjectsPort;
  readonly links: LinksPort;
  readonly suspensions: SuspensionsPort;
  readonly erasures: ErasuresPort;
  readonly freezes: FreezesPort;
  readonly disclosures: DisclosuresPort;
  readonly readers: ReadersPort;
}

/** The role `permissions`: decisions, subjects and links to their pages, suspensions, freezes, disclosures, readers of its topics. */
@Module({})
export class PermissionsModule {
  static with(ports: PermissionsModuleOptions): DynamicModule {
    return {
      module: PermissionsModule,
      controllers: [
        DecisionsController,
        SubjectsController,
        LinksController,
        SuspensionsController,
        ErasuresController,
        FreezesController,
        DisclosuresController,
        ReadersController,
      ],
      providers: [
        { provide: DECISIONS, useValue: ports.decisions },
        { provide: SUBJECTS, useValue: ports.subjects },
        { provide: LINKS, useValue: ports.links },
        { provide: SUSPENSIONS, useValue: ports.suspensions },
        { provide: ERASURES, useValue: ports.erasures },
        { provide: FREEZES, useValue: ports.freezes },
        { provide: DISCLOSURES, useValue: ports.disclosures },
        { provide: READERS, useValue: ports.readers },
      ],
    };
  }
}
