import { createIntake, type IntakePorts } from '@kyoka/intake';
import type { Clock } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import type { PersonPorts } from '@kyoka/person';
import type { PolicySet } from '@kyoka/policy';
import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import type { AudiencesModuleOptions } from '../audiences/audiences.module.js';
import type { ConsoleModuleOptions } from '../console/console.module.js';
import { consoleService } from '../console/console.service.js';
import type { IntakeModuleOptions } from '../intake/intake.module.js';
import type { PermissionsModuleOptions } from '../permissions/permissions.module.js';
import { audiencesService } from './audiences.js';
import { decisionsService } from './decisions.js';
import { disclosuresService } from './disclosures.js';
import { erasuresService } from './erasures.js';
import { freezesService } from './freezes.js';
import { linksService } from './links.js';
import { parkedService } from './parked.js';
import { policiesInForce, type PoliciesInForce } from './policies-in-force.js';
import { publishedService } from '../published/published.service.js';
import type { PublishedPort } from '../published/ports.js';
import { policyTrialsService } from './policy-trials.js';
import { policyVersionsService } from './policy-versions.js';
import { publishersService } from './publishers.js';
import { readersService } from './readers.js';
import { recipientsService } from './recipients.js';
import { subjectsService } from './subjects.js';
import { suspensionsService } from './suspensions.js';
import { switchesService } from './switches.js';

interface CommonContext {
  readonly vault: Vault;
  readonly clock: Clock;
}

export interface IntakeContext extends CommonContext {
  /** A pool under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly inForce: PoliciesInForce;
  /** What intake needs besides the pool, the clock and the vocabulary. */
  readonly intake: Omit<IntakePorts, 'pool' | 'clock' | 'vocabulary' | 'vault'>;
}

export interface PermissionsContext extends IntakeContext {
  /** Every policy of the deployment, switched on or not, with source contracts and legal packs. */
  readonly policies: PolicySet;
  /** The configured address of a network. */
  readonly addressOf: AddressOf;
  /** Tells the release worker to look now, where it runs in this process. */
  readonly wake: () => void;
  /** The person's pages: where they are reached, how long links hold, whether duty mail is sent. */
  readonly pages: Pick<PersonPorts, 'publicUrl' | 'terms' | 'mailing' | 'wakeMails'>;
}

export interface AudiencesContext extends CommonContext {
  /** A pool under the role `kyoka_audiences`. */
  readonly audiences: Pool;
  readonly policies: PolicySet;
  readonly inForce: PoliciesInForce;
  readonly addressOf: AddressOf;
  readonly wake: () => void;
}

/** The ports of intake, over the real store. */
function intakePortsOf({ permissions: pool, vault, clock, inForce, intake }: IntakeContext) {
  return { ...intake, pool, vault, clock, vocabulary: () => inForce.vocabulary };
}

/** The services behind the handlers of the role `intake`. */
export function intakeServices(
  context: IntakeContext,
): Pick<IntakeModuleOptions, 'intake' | 'parked' | 'publishers'> {
  const ports = intakePortsOf(context);
  const { permissions: pool, vault, clock } = context;
  return {
    intake: createIntake(ports),
    parked: parkedService(ports),
    publishers: publishersService({ pool, vault, clock, intake: ports }),
  };
}

/** The services behind the handlers of the role `permissions`. A stop that it is asked for takes the way of every event. */
export function permissionsServices(context: PermissionsContext): PermissionsModuleOptions & {
  readonly person: PersonPorts;
  readonly published: PublishedPort;
} {
  const intake = createIntake(intakePortsOf(context));
  const person: PersonPorts = {
    ...context,
    ...context.pages,
    intake,
    policiesInForce: (db) => policiesInForce(db, context.policies),
  };
  return {
    person,
    published: publishedService(context),
    links: linksService(person),
    decisions: decisionsService(context),
    subjects: subjectsService(context),
    suspensions: suspensionsService({ ...context, intake }),
    erasures: erasuresService({ ...context, intake }),
    freezes: freezesService(context),
    disclosures: disclosuresService(context),
    readers: readersService(context),
  };
}

/** The services behind the handlers of the role `audiences`. */
export function audiencesServices(context: AudiencesContext): AudiencesModuleOptions {
  return {
    audiences: audiencesService(context),
    recipients: recipientsService(context),
    policyTrials: policyTrialsService(context),
    policyVersions: policyVersionsService(context),
    switches: switchesService({
      ...context,
      switched: async (target) => {
        if (target === 'policy') await context.inForce.refresh();
      },
    }),
  };
}

export type ConsoleContext = IntakeContext &
  Pick<PermissionsContext, 'policies' | 'addressOf'> &
  Pick<AudiencesContext, 'audiences'>;

/** The services behind the handlers of the role `console`. */
export const consoleServices = (
  context: ConsoleContext,
): Omit<ConsoleModuleOptions, 'tokens' | 'sessions'> & { readonly published: PublishedPort } => ({
  published: publishedService(context),
  console: consoleService(context),
  subjects: subjectsService(context),
  parked: parkedService(intakePortsOf(context)),
  publishers: publishersService({ ...context, pool: context.permissions }),
});

export type ServicesContext = PermissionsContext & AudiencesContext;

/** The services behind the handlers of all roles. */
export type Services = ReturnType<typeof intakeServices> &
  ReturnType<typeof permissionsServices> &
  AudiencesModuleOptions;

export function createServices(context: ServicesContext): Services {
  return {
    ...intakeServices(context),
    ...permissionsServices(context),
    ...audiencesServices(context),
  };
}
