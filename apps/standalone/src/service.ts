import type { Settings } from '@kyoka/config';
import {
  AudiencesModule,
  createEdge,
  createServices,
  databaseAnswers,
  accessTokens,
  type AccessTokens,
  HealthModule,
  IntakeModule,
  PermissionsModule,
  PoliciesInForce,
  schemaIsThere,
} from '@kyoka/edge';
import type { Journal } from '@kyoka/evidence';
import { type Clock, KyokaError, SECOND } from '@kyoka/kernel';
import { type Log, nestLogger } from '@kyoka/logging';
import { reachOf, STOP_CHANNEL } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { listen, queryable } from '@kyoka/postgres';
import {
  barrierGuard,
  DEFAULT_SETTINGS,
  type ReleaseSettings,
  storedDecisions,
  storedStops,
  vaultMatchKeys,
  Worker,
} from '@kyoka/release';
import type { Closing } from './closing.js';
import type { Store } from './database.js';
import { WRITER } from './evidence.js';
import type { Networks } from './networks.js';
import type { Transport } from './transport.js';
import { addTold, NOTHING_TOLD, type Told } from './told.js';
import { workerLog } from './worker-log.js';

export interface Service {
  /** Address of the HTTP interface. */
  readonly url: string;
  readonly tokens: AccessTokens;
  /** Events answered since the start that leave no row behind, by outcome. */
  readonly told: () => Told;
  /** Reads again which policies two people have switched on. */
  readonly refreshPolicies: () => Promise<void>;
}

export interface ServiceParts {
  readonly store: Store;
  readonly policies: PolicySet;
  readonly journal: Journal;
  readonly networks: Networks;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly closing: Closing;
  readonly log: Log;
}

const POLICIES_EVERY_MS = 5 * SECOND;
/** A network that is played nearby answers in seconds, so waits are as short. */
const PLAYED: ReleaseSettings = {
  ...DEFAULT_SETTINGS,
  reportWithinMs: 5 * SECOND,
  retry: { firstMs: SECOND, mostMs: 30 * SECOND },
};

/** Every role in one process: the edge, intake, decisions, and the worker of audiences and removals. */
export async function startService(settings: Settings, parts: ServiceParts): Promise<Service> {
  const { store, policies, journal, networks, transport, clock, closing, log } = parts;
  const { permissions, audiences, vault } = store;
  const addressOf = (network: string | null) => networks.addresses.get(network ?? '');

  const inForce = new PoliciesInForce(queryable(permissions), policies);
  await inForce.refresh();
  const refresh = setInterval(
    () => void inForce.refresh().catch((fault: unknown) => log.warn('framework', { fault })),
    POLICIES_EVERY_MS,
  );
  closing.add('policies', async () => clearInterval(refresh));

  const worker = new Worker({
    pool: audiences,
    decide: storedDecisions(policies, addressOf),
    reachOf,
    stopsInForce: storedStops(policies),
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors: networks.connectors,
    clock,
    log: workerLog(log),
    settings: networks.played.size === networks.connectors.size ? PLAYED : DEFAULT_SETTINGS,
  });
  worker.start();
  closing.add('worker', () => worker.stop());
  const stops = listen({
    url: store.url,
    channel: STOP_CHANNEL,
    applicationName: 'kyoka stops',
    onWake: () => worker.wake(),
  });
  closing.add('stops', () => stops.stop());

  const services = createServices({
    permissions,
    audiences,
    vault,
    policies,
    inForce,
    intake: { journal, journalWriter: WRITER },
    addressOf,
    clock,
    wake: () => worker.wake(),
  });
  const tokens = accessTokens(queryable(permissions), { vault, clock });
  let told = NOTHING_TOLD;
  const app = await createEdge({
    roles: [
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
      HealthModule.with({
        database: databaseAnswers(queryable(permissions)),
        schema: schemaIsThere(queryable(permissions), ['permissions.subject', 'audiences.run']),
        transport: statusOf(transport),
      }),
    ],
    tokens,
    logger: nestLogger(log),
    maxBodyBytes: settings.maxBodyBytes,
    onFault: (fault) => log.error('http_failed', { fault }),
  });
  app.connectMicroservice({ strategy: transport.strategy });
  closing.add('edge', () => app.close());
  await app.startAllMicroservices();
  await app.listen(settings.port, '127.0.0.1').catch((fault: unknown) => {
    throw portFault(fault);
  });
  return {
    url: await app.getUrl(),
    tokens,
    told: () => told,
    refreshPolicies: async () => {
      await inForce.refresh();
    },
  };
}

function statusOf({ strategy }: Transport): () => boolean {
  let status: unknown;
  (
    strategy as { status?: { subscribe(next: (value: unknown) => void): unknown } }
  ).status?.subscribe((value) => {
    status = value;
  });
  return () => status === 'connected';
}

function portFault(fault: unknown): KyokaError {
  return (fault as { code?: unknown }).code === 'EADDRINUSE'
    ? new KyokaError(
        'config_invalid',
        'wrong settings: KYOKA_PORT: another program uses this port',
        {
          faults: [{ field: 'KYOKA_PORT', expected: 'a port that no other program uses' }],
          cause: fault,
        },
      )
    : new KyokaError('internal', 'the HTTP interface could not be opened', { cause: fault });
}
