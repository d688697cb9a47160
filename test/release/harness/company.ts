import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Instant } from '@kyoka/kernel';
import { reachOf, readPolicySet } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import {
  barrierGuard,
  defineAudience,
  DEFAULT_SETTINGS,
  type ReleaseContext,
  startRun,
  storedDecisions,
  storedStops,
  vaultMatchKeys,
} from '@kyoka/release';
import { type Sandbox, startSandbox } from '@kyoka/sandbox';
import { databaseForTests } from '@kyoka/testing';
import { openVault, type Vault } from '@kyoka/vault';
import { type Evidence, evidenceOf } from './evidence.js';
import { connectTo } from './networks.js';
import { addContact, enterPersons } from './people.js';
import { placeFreeze, placeStop, type StopOptions, type StopOrigin } from './stops.js';
import { switchEverythingOn } from './switches.js';
import { type Network, type Person, PROCESSING_MS, START } from './words.js';

export interface LogLine {
  readonly code: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** A company with a real database, vault and sandbox, and a clock that stands still unless it is moved. */
export interface Company extends Evidence {
  readonly context: ReleaseContext;
  readonly permissions: Pool;
  readonly db: Queryable;
  readonly vault: Vault;
  readonly sandbox: Sandbox;
  readonly clock: { now: Instant };
  readonly logs: LogLine[];
  /** Subject ids by reference. */
  enter(...persons: readonly Person[]): Promise<Map<string, string>>;
  /** A contact point that comes in later, or from another source than the store. */
  addContact(
    subjectId: string,
    kind: 'email' | 'phone',
    value: string,
    source?: string,
  ): Promise<void>;
  /** Withdraws, suspends, … as intake does. */
  stop(origin: StopOrigin, more?: StopOptions): Promise<string>;
  /** Freezes everything, or what came from a source, as an officer does. */
  freeze(source?: string): Promise<void>;
  audience(
    network: Network,
    more?: { from?: string; to?: string; users?: string[]; ordered?: string },
  ): Promise<string>;
  run(audienceId: string, actor?: string, key?: string, roles?: string[]): Promise<string>;
  close(): Promise<void>;
}

/** What many companies of one test file may share. */
export interface Shared {
  readonly vault: Vault;
  readonly policies: PolicySet;
  readonly close: () => Promise<void>;
}

export async function openShared(): Promise<Shared> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-keys-'));
  return {
    vault: await openVault({ keyDir: folder, create: true }),
    policies: await readPolicySet('deploy'),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What a test may watch or choose. */
export interface CompanyOptions {
  /** Draws when the networks end their work; in the interval [0, 1). */
  readonly random?: () => number;
  /** A connector reads its clock, last right before it writes. */
  readonly onConnectorClock?: () => void;
  /** The sandbox reads its clock, as when it takes a request and hasn't answered. */
  readonly onSandboxClock?: () => void;
}

export async function openCompany(
  { vault, policies }: Shared,
  { random, onConnectorClock, onSandboxClock }: CompanyOptions = {},
): Promise<Company> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-release-'));
  const database = await databaseForTests();
  const [audiences, permissions] = (await Promise.all(
    (['kyoka_audiences', 'kyoka_permissions'] as const).map((role) =>
      openPool(database.url, { role, max: 8, applicationName: 'release-test' }),
    ),
  )) as [Pool, Pool];
  const clock = { now: START };
  const watched = (watch?: () => void) => () => {
    watch?.();
    return clock.now;
  };
  const digest = (key: string) => vault.mac('sandbox-journal', key).toString('base64url');
  const sandbox = await startSandbox({
    clock: watched(onSandboxClock),
    folder: join(folder, 'sandbox'),
    digestKey: digest,
    timing: { googleProcessingMs: PROCESSING_MS, metaProcessingMs: PROCESSING_MS },
    ...(random && { random }),
  });
  const connectors = connectTo(sandbox, watched(onConnectorClock));
  const addressOf = (network: string | null) => connectors.get(network as Network)?.destination;
  const logs: LogLine[] = [];
  const context: ReleaseContext = {
    pool: audiences,
    decide: storedDecisions(policies, addressOf),
    reachOf,
    stopsInForce: storedStops(policies),
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors,
    clock: () => clock.now,
    log: (code, fields) => void logs.push({ code, fields }),
    settings: { ...DEFAULT_SETTINGS, idleMs: 5 },
  };
  await switchEverythingOn(audiences, addressOf);

  return {
    ...evidenceOf(sandbox, digest),
    context,
    permissions,
    db: queryable(audiences),
    vault,
    sandbox,
    clock,
    logs,
    enter: (...persons) => enterPersons(permissions, vault, persons),
    addContact: (...contact) => addContact(permissions, vault, ...contact),
    stop: (origin, more) => placeStop(permissions, origin, clock.now, more),
    freeze: (source) => placeFreeze(permissions, clock.now, source),
    audience: (network, { ordered = 'skin-care', ...more } = {}) =>
      defineAudience(context, {
        name: ordered,
        segment: { orders: { category: ordered, within: 'P180D' } },
        policy: 'almado@1',
        purpose: 'ad_matching',
        contentOwner: 'own',
        recipient: network,
        period: { from: more.from ?? '2026-11-01', to: more.to ?? '2027-03-31' },
        users: more.users ?? ['user:sato'],
        owner: 'user:sato',
      }),
    run: (audienceId, actor = 'user:sato', key = randomUUID(), roles = []) =>
      startRun({ ...context, addressOf }, audienceId, { actor, roles, idempotencyKey: key }),
    async close() {
      await Promise.all([...connectors.values()].map((connector) => connector.close()));
      await sandbox.close();
      await Promise.all([audiences.destroy(), permissions.destroy()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
