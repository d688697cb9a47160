import type { Connector } from '@kyoka/connector-kit';
import { SECOND } from '@kyoka/kernel';
import { type AddressOf, reachOf, STOP_CHANNEL } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { listen, type Pool } from '@kyoka/postgres';
import {
  barrierGuard,
  DEFAULT_SETTINGS,
  type ReleaseSettings,
  storedDecisions,
  storedStops,
  vaultMatchKeys,
  Worker,
} from '@kyoka/release';
import type { Vault } from '@kyoka/vault';
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

/** Starts the worker of audiences and removals; a stop that commits anywhere wakes it. */
export function startWorker(
  { pool, url, vault, policies, connectors, addressOf, played }: WorkerPorts,
  { clock, closing, log }: ProcessParts,
): Worker {
  const worker = new Worker({
    pool,
    decide: storedDecisions(policies, addressOf),
    reachOf,
    stopsInForce: storedStops(policies),
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors,
    clock,
    log: workerLog(log),
    settings: played ? PLAYED : DEFAULT_SETTINGS,
  });
  worker.start();
  closing.add('worker', () => worker.stop());
  const stops = listen({
    url,
    channel: STOP_CHANNEL,
    applicationName: 'kyoka stops',
    onWake: () => worker.wake(),
  });
  closing.add('stops', () => stops.stop());
  return worker;
}
