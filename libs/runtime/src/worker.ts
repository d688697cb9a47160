import type { Connector } from '@kyoka/connector-kit';
import { SECOND } from '@kyoka/kernel';
import { type AddressOf, reachOf, STOP_CHANNEL } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { listen, type Pool } from '@kyoka/postgres';
import {
  barrierGuard,
  DEFAULT_SETTINGS,
  type ReleaseContext,
  type ReleaseSettings,
  releaseTasks,
  storedDecisions,
  storedStops,
  vaultMatchKeys,
  whileEntitled,
  Worker,
} from '@kyoka/release';
import { count } from '@kyoka/telemetry';
import type { Vault } from '@kyoka/vault';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';
import { workerLog } from './worker-log.js';

/** A network that is played nearby answers in seconds, so waits are as short. */
const PLAYED: ReleaseSettings = {
  ...DEFAULT_SETTINGS,
  reportWithinMs: 5 * SECOND,
  retry: { firstMs: SECOND, mostMs: 30 * SECOND },
};

export interface WorkerPorts {
  /** Under the role `kyoka_audiences`. */
  readonly pool: Pool;
  /** Address of the database, for the connection that hears of stops. */
  readonly url: string;
  readonly vault: Vault;
  /** Every policy of the deployment, switched on or not. */
  readonly policies: PolicySet;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly addressOf: AddressOf;
  /** Whether every network is played nearby. */
  readonly played: boolean;
}

/** Starts the worker of audiences and removals, which a stop that commits anywhere wakes, and their clock. */
export function startWorker(
  { pool, url, vault, policies, connectors, addressOf, played }: WorkerPorts,
  parts: ProcessParts,
): Worker {
  const { clock, closing, log } = parts;
  const context: ReleaseContext = {
    pool,
    decide: whileEntitled(storedDecisions(policies, addressOf)),
    reachOf,
    stopsInForce: storedStops(policies),
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors,
    clock,
    log: workerLog(log),
    settings: played ? PLAYED : DEFAULT_SETTINGS,
  };
  for (const network of connectors.keys()) {
    count('kyoka_released_persons_total', { network }, 0);
    for (const operation of ['add', 'remove']) {
      count('kyoka_connector_requests_total', { network, operation, result: 'accepted' }, 0);
    }
  }
  const worker = new Worker(context);
  worker.start();
  closing.add('worker', () => worker.stop());
  keepTime({ name: 'clock of audiences', pool, tasks: releaseTasks(context) }, parts);
  const stops = listen({
    url,
    channel: STOP_CHANNEL,
    applicationName: 'kyoka stops',
    onWake: () => worker.wake(),
  });
  closing.add('stops', () => stops.stop());
  return worker;
}
