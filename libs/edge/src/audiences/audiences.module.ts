import { type DynamicModule, Module } from '@nestjs/common';
import { AUDIENCES, POLICY_TRIALS, POLICY_VERSIONS, RECIPIENTS, SWITCHES } from '../injection.js';
import { PolicyTrialsController } from '../switches/policy-trials.controller.js';
import { PolicyVersionsController } from '../switches/policy-versions.controller.js';
import {
  PolicySwitchController,
  RecipientSwitchController,
} from '../switches/switches.controller.js';
import type {
  AudiencesPort,
  PolicyTrialsPort,
  PolicyVersionsPort,
  RecipientsPort,
  SwitchesPort,
} from '../ports.js';
import { AudiencesController } from './audiences.controller.js';
import { RecipientsController } from './recipients.controller.js';

export interface AudiencesModuleOptions {
  readonly audiences: AudiencesPort;
  readonly recipients: RecipientsPort;
  readonly switches: SwitchesPort;
  readonly policyTrials: PolicyTrialsPort;
  readonly policyVersions: PolicyVersionsPort;
}

/** The role `audiences`: audiences, runs, recipients, and which recipients and policies are on. */
@Module({})
export class AudiencesModule {
  static with({
    audiences,
    recipients,
    switches,
    policyTrials,
    policyVersions,
  }: AudiencesModuleOptions): DynamicModule {
    return {
      module: AudiencesModule,
      controllers: [
        AudiencesController,
        RecipientsController,
        RecipientSwitchController,
        PolicySwitchController,
        PolicyTrialsController,
        PolicyVersionsController,
      ],
      providers: [
        { provide: AUDIENCES, useValue: audiences },
        { provide: RECIPIENTS, useValue: recipients },
        { provide: SWITCHES, useValue: switches },
        { provide: POLICY_TRIALS, useValue: policyTrials },
        { provide: POLICY_VERSIONS, useValue: policyVersions },
      ],
    };
  }
}
