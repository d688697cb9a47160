import { type DynamicModule, Module } from '@nestjs/common';
import { AUDIENCES, POLICY_TRIALS, RECIPIENTS, SWITCHES } from '../injection.js';
import { PolicyTrialsController } from '../switches/policy-trials.controller.js';
import {
  PolicySwitchController,
  RecipientSwitchController,
} from '../switches/switches.controller.js';
import type { AudiencesPort, PolicyTrialsPort, RecipientsPort, SwitchesPort } from '../ports.js';
import { AudiencesController } from './audiences.controller.js';
import { RecipientsController } from './recipients.controller.js';

export interface AudiencesModuleOptions {
  readonly audiences: AudiencesPort;
  readonly recipients: RecipientsPort;
  readonly switches: SwitchesPort;
  readonly policyTrials: PolicyTrialsPort;
}

/** The role `audiences`: audiences, runs, recipients, and which recipients and policies are on. */
@Module({})
export class AudiencesModule {
  static with({
    audiences,
    recipients,
    switches,
    policyTrials,
  }: AudiencesModuleOptions): DynamicModule {
    return {
      module: AudiencesModule,
      controllers: [
        AudiencesController,
        RecipientsController,
        RecipientSwitchController,
        PolicySwitchController,
        PolicyTrialsController,
      ],
      providers: [
        { provide: AUDIENCES, useValue: audiences },
        { provide: RECIPIENTS, useValue: recipients },
        { provide: SWITCHES, useValue: switches },
        { provide: POLICY_TRIALS, useValue: policyTrials },
      ],
    };
  }
}
