import { type DynamicModule, Module } from '@nestjs/common';
import { AUDIENCES, RECIPIENTS, SWITCHES } from '../injection.js';
import {
  PolicySwitchController,
  RecipientSwitchController,
} from '../switches/switches.controller.js';
import type { AudiencesPort, RecipientsPort, SwitchesPort } from '../ports.js';
import { AudiencesController } from './audiences.controller.js';
import { RecipientsController } from './recipients.controller.js';

export interface AudiencesModuleOptions {
  readonly audiences: AudiencesPort;
  readonly recipients: RecipientsPort;
  readonly switches: SwitchesPort;
}

/** The role `audiences`: audiences, runs, recipients, and which recipients and policies are on. */
@Module({})
export class AudiencesModule {
  static with({ audiences, recipients, switches }: AudiencesModuleOptions): DynamicModule {
    return {
      module: AudiencesModule,
      controllers: [
        AudiencesController,
        RecipientsController,
        RecipientSwitchController,
        PolicySwitchController,
      ],
      providers: [
        { provide: AUDIENCES, useValue: audiences },
        { provide: RECIPIENTS, useValue: recipients },
        { provide: SWITCHES, useValue: switches },
      ],
    };
  }
}
