import type { Clock } from '@kyoka/kernel';
import { createIntake, type IntakePorts } from '@kyoka/intake';
import type { AddressOf } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { AudiencesModuleOptions } from '../audiences/audiences.module.js';
import type { IntakeModuleOptions } from '../intake/intake.module.js';
import type { PermissionsModuleOptions } from '../permissions/permissions.module.js';
import { audiencesService } from './audiences.js';
import { decisionsService } from './decisions.js';
import { freezesService } from './freezes.js';
import { parkedService } from './parked.js';
import type { PoliciesInForce } from './policies-in-force.js';
import { publishersService } from './publishers.js';
import { recipientsService } from './recipients.js';
import { subjectsService } from './subjects.js';
import { suspensionsService } from './suspensions.js';
import { switchesService } from './switches.js';

export interface ServicesContext {
  /** A pool under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  /** A pool under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly vault: Vault;
  /** Every policy of the deployment, switched on or not, with source contracts and legal packs. */
  readonly policies: PolicySet;
  readonly inForce: PoliciesInForce;
  /** What intake needs besides the pool, the clock and the vocabulary. */
  readonly intake: Omit<IntakePorts, 'pool' | 'clock' | 'vocabulary' | 'vault'>;
  /** The configured address of a network. */
  readonly addressOf: AddressOf;
  readonly clock: Clock;
  /** Tells the release worker to look now. */
  readonly wake: () => void;
}

/** The services behind the handlers of all roles, over the real stores. */
export type Services = Pick<IntakeModuleOptions, 'intake' | 'parked' | 'publishers'> &
  PermissionsModuleOptions &
  AudiencesModuleOptions;

export function createServices(context: ServicesContext): Services {
  const { permissions: pool, vault, clock, inForce } = context;
  const intakePorts: IntakePorts = {
    ...context.intake,
    pool,
    vault,
    clock,
    vocabulary: () => inForce.vocabulary,
  };
  const intake = createIntake(intakePorts);
  return {
    intake,
    parked: parkedService(intakePorts),
    publishers: publishersService({ pool, vault, clock }),
    decisions: decisionsService(context),
    subjects: subjectsService(context),
    suspensions: suspensionsService({ ...context, intake }),
    freezes: freezesService(context),
    switches: switchesService({
      ...context,
      switched: async (target) => {
        if (target === 'policy') await inForce.refresh();
      },
    }),
    audiences: audiencesService(context),
    recipients: recipientsService(context),
  };
}
