import { type DynamicModule, Module } from '@nestjs/common';
import { AUDIENCES, SWITCHES } from '../injection.js';
import { RecipientSwitchController } from '../switches/switches.controller.js';
import type { AudiencesPort, SwitchesPort } from '../ports.js';
import { AudiencesController } from './audiences.controller.js';

export interface AudiencesModuleOptions {
  readonly audiences: AudiencesPort;
  readonly switches: SwitchesPort;
}

/** The role `audiences`: audiences, runs, which recipient is on. */
@Module({})
export class AudiencesModule {
  static with({ audiences, switches }: AudiencesModuleOptions): DynamicModule {
    return {
      module: AudiencesModule,
      controllers: [AudiencesController, RecipientSwitchController],
      providers: [
        { provide: AUDIENCES, useValue: audiences },
        { provide: SWITCHES, useValue: switches },
      ],
    };
  }
}
