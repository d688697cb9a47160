import type { Access } from '@kyoka/access';
import {
  AccessModule,
  AudiencesModule,
  ConsoleModule,
  consoleService,
  createServices,
  databaseAnswers,
  HealthModule,
  IntakeModule,
  PermissionsModule,
  PersonModule,
  PublishedModule,
  schemaIsThere,
} from '@kyoka/edge';
import type { Journal } from '@kyoka/evidence';
import type { PolicySet } from '@kyoka/policy';
import { queryable } from '@kyoka/postgres';
import {
  accessOf,
  isSecure,
  type Networks,
  openEdge,
  parkedStopsLog,
  personLink,
  type PersonPages,
  type RunningProcess,
  startTerms,
  startWorker,
  statusOf,
  type Transport,
  watchPolicies,
} from '@kyoka/runtime';
import type { Store } from './database.js';
import { addTold, NOTHING_TOLD, type Told } from './told.js';
import { WRITER } from './writer.js';

export interface Service {
  /** Address of the HTTP interface. */
  readonly url: string;
  readonly access: Access;
  /** Events answered since the start that leave no row behind, by outcome. */
  readonly told: () => Told;
  /** A link to a person's own page. */
  readonly personLink: (subjectId: string) => Promise<string>;
  /** Reads again which policies two people have switched on. */
  readonly refreshPolicies: () => Promise<void>;
}

export interface ServiceParts {
  readonly store: Store;
  readonly policies: PolicySet;
  readonly journal: Journal;
  readonly networks: Networks;
  readonly transport: Transport;
  readonly pages: PersonPages;
}

/** Every role in one process: the edge, intake, decisions, and the worker of audiences and removals. */
export async function startService(
  running: RunningProcess,
  { store, policies, journal, networks, transport, pages }: ServiceParts,
): Promise<Service> {
  const { settings, clock, log } = running;
  const { permissions, audiences, vault, url: databaseUrl } = store;
  const { connectors, addresses } = networks;
  const addressOf = (network: string | null) => addresses.get(network ?? '');

  const inForce = await watchPolicies(permissions, policies, running);
  startTerms({ pool: permissions, inForce }, running);
  const worker = startWorker(
    {
      pool: audiences,
      url: databaseUrl,
      vault,
      policies,
      connectors,
      addressOf,
      played: networks.played.size === connectors.size,
    },
    running,
  );
  const services = createServices({
    permissions,
    audiences,
    vault,
    policies,
    inForce,
    intake: { journal, journalWriter: WRITER, onParkedStops: parkedStopsLog(log) },
    addressOf,
    clock,
    wake: () => worker.wake(),
    pages: pages.context,
  });
  const access = accessOf(settings, { pool: permissions, vault }, running);
  let told = NOTHING_TOLD;
  const roles = [
    IntakeModule.with({
      ...services,
      rights: {
        unsigned: new Set(settings.unsignedTopics ?? []),
        plaintext: new Set(settings.plaintextTopics ?? []),
      },
      counted: (topic, counts) => {
        log.debug('events_taken', { topic, counts });
        told = addTold(told, counts);
      },
    }),
    PermissionsModule.with(services),
    AudiencesModule.with(services),
    ConsoleModule.with({
      ...services,
      console: consoleService({ permissions, audiences, policies, addressOf, clock }),
      tokens: access.tokens,
      sessions: access.sessions,
    }),
    AccessModule.with({
      tokens: access.tokens,
      signIn: { ...access.signIn, secure: isSecure(settings) },
    }),
    PersonModule.with(services.person),
    PublishedModule.with(services),
    HealthModule.with({
      database: databaseAnswers(queryable(permissions)),
      schema: schemaIsThere(queryable(permissions), ['permissions.subject', 'audiences.run']),
      transport: statusOf(transport.strategy),
    }),
  ];
  const url = await openEdge(settings, { roles, access, strategy: transport.strategy }, running);
  pages.start(services.person, url, running);
  return {
    url,
    access,
    told: () => told,
    personLink: (subjectId) => personLink(services.person, subjectId),
    refreshPolicies: async () => {
      await inForce.refresh();
    },
  };
}
