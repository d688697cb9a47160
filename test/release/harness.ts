import { createSecretKey, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { googleConnector } from '@kyoka/connector-google';
import type { Connector } from '@kyoka/connector-kit';
import { metaConnector } from '@kyoka/connector-meta';
import { normaliseContact } from '@kyoka/contact';
import { DAY, type Instant, MINUTE, parseInstant, SECOND } from '@kyoka/kernel';
import { matchKey } from '@kyoka/match-keys';
import {
  insertStopActs,
  lockSubjects,
  mergeContacts,
  mergeOrderLines,
  mergeSubjects,
  raiseConsents,
  raiseStops,
  reachOf,
  readPolicySet,
  type StopActKind,
  subjectKey,
  takeBarrier,
} from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { inTransaction, openPool, queryable, type Pool, type Queryable } from '@kyoka/postgres';
import {
  barrierGuard,
  changeSwitch,
  defineAudience,
  DEFAULT_SETTINGS,
  readRun,
  registerRecipient,
  type ReleaseContext,
  startRun,
  storedDecisions,
  type SwitchTarget,
  vaultMatchKeys,
  workerSteps,
} from '@kyoka/release';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '@kyoka/sandbox';
import { databaseForTests } from '@kyoka/testing';
import { openVault, type Vault } from '@kyoka/vault';
import { sha256Hex } from './sha256.js';

export const START = parseInstant('2026-11-24T10:00:00+09:00') as Instant;
export const PROCESSING_MS = 20 * SECOND;
export type Network = 'google' | 'meta';

const TIMING = {
  processingTimeMs: PROCESSING_MS,
  firstPollAfterMs: SECOND,
  pollBackoff: { factor: 2, maxMs: 8 * SECOND },
  giveUpAfterMs: 10 * MINUTE,
};

export interface Person {
  readonly ref: string;
  readonly source?: string;
  readonly category?: string;
  readonly email?: string;
  readonly phone?: string;
  /** Recipients that the person consented to; both by default. */
  readonly consents?: readonly Network[];
  readonly ordered?: boolean;
}

export interface Log {
  readonly code: string;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** A company with a real database, vault and sandbox, and a clock that stands still unless it is moved. */
export interface Company {
  readonly context: ReleaseContext;
  readonly permissions: Pool;
  readonly db: Queryable;
  readonly vault: Vault;
  readonly sandbox: Sandbox;
  readonly clock: { now: Instant };
  readonly logs: Log[];
  /** Subject ids by reference. */
  enter(...persons: readonly Person[]): Promise<Map<string, string>>;
  /** A contact point that comes in later. */
  addContact(subjectId: string, kind: 'email' | 'phone', value: string): Promise<void>;
  /** Withdraws, suspends, … as intake does. `before` runs before the barrier is asked for. */
  stop(
    whom: { readonly subjectId: string } | { readonly fold: Buffer },
    more?: {
      readonly kind?: StopActKind;
      readonly before?: () => Promise<void>;
      readonly behindBarrier?: (tx: Queryable) => Promise<void>;
    },
  ): Promise<string>;
  audience(
    network: Network,
    more?: { from?: string; to?: string; users?: string[] },
  ): Promise<string>;
  run(audienceId: string, actor?: string, key?: string): Promise<string>;
  /** The contact points of a person that the network's lists hold. */
  held(network: Network, person: Person): number;
  /** Requests of the journal that name a contact point of a person. */
  requests(network: Network, op: 'add' | 'remove', person: Person): number;
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

export async function openCompany(
  { vault, policies }: Shared,
  { random }: { readonly random?: () => number } = {},
): Promise<Company> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-release-'));
  const database = await databaseForTests();
  const [audiences, permissions] = (await Promise.all(
    (['kyoka_audiences', 'kyoka_permissions'] as const).map((role) =>
      openPool(database.url, { role, max: 8, applicationName: 'release-test' }),
    ),
  )) as [Pool, Pool];
  const clock = { now: START };
  const digest = (key: string) => vault.mac('sandbox-journal', key).toString('base64url');
  const sandbox = await startSandbox({
    clock: () => clock.now,
    folder: join(folder, 'sandbox'),
    digestKey: digest,
    timing: { googleProcessingMs: PROCESSING_MS, metaProcessingMs: PROCESSING_MS },
    ...(random && { random }),
  });
  const connectors = connectTo(sandbox, () => clock.now);
  const logs: Log[] = [];
  const context: ReleaseContext = {
    pool: audiences,
    decide: storedDecisions(policies, (network) => sandbox.urls[network as Network]),
    reachOf,
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors,
    clock: () => clock.now,
    log: (code, fields) => void logs.push({ code, fields }),
    settings: { ...DEFAULT_SETTINGS, idleMs: 5 },
  };
  const db = queryable(audiences);
  await switchOn(context, sandbox);
  const contactOf = (kind: 'email' | 'phone', value: string) => {
    const normalised = normaliseContact(kind, value);
    if (normalised.class === 'invalid') throw new Error('a test needs a usable contact point');
    return {
      kind,
      value: normalised.value,
      class: normalised.class,
      line: null,
      token: vault.token(kind, normalised.value),
      fold: vault.token(kind, normalised.fold),
    };
  };
  const contactWrite = (
    subjectId: string,
    source: string,
    kind: 'email' | 'phone',
    raw: string,
  ) => {
    const { value, ...contact } = contactOf(kind, raw);
    return {
      subjectId,
      ...contact,
      source,
      rulesVersion: '1',
      sealed: vault.seal(value, { subject: subjectId, field: kind }),
      firstAt: START - 100 * DAY,
      lastAt: START - 100 * DAY,
    };
  };
  const digestsOf = (network: Network, { email, phone }: Person): string[] =>
    [
      email === undefined ? undefined : matchKey(network, 'email', email, sha256Hex),
      phone === undefined ? undefined : matchKey(network, 'phone', phone, sha256Hex),
    ].flatMap((key) => (key?.status === 'accepted' && key.hash ? [digest(key.hash)] : []));

  return {
    context,
    permissions,
    db,
    vault,
    sandbox,
    clock,
    logs,
    enter: (...persons) =>
      inTransaction(permissions, async (tx) => {
        const names = persons.map(({ ref, source = 'store' }) => ({ source, ref }));
        const ids = await lockSubjects(
          tx,
          names,
          names.map(() => randomUUID()),
          clock.now,
        );
        const at = START - 100 * DAY;
        const rows = persons.map((person, index) => ({
          ...person,
          source: person.source ?? 'store',
          id: ids.get(subjectKey(names[index] as { source: string; ref: string })) as string,
        }));
        await mergeSubjects(
          tx,
          rows.map(({ id, source, category = 'member' }) => ({
            id,
            category: { value: category, at, event: 'e' },
            acquired: { source, at, event: 'e', policyVersion: 'almado@1', noticeShown: true },
            registeredAt: at,
            adsOnAt: at,
          })),
        );
        await mergeContacts(
          tx,
          rows.flatMap(({ id, source, email, phone }) => [
            ...(email === undefined ? [] : [contactWrite(id, source, 'email', email)]),
            ...(phone === undefined ? [] : [contactWrite(id, source, 'phone', phone)]),
          ]),
        );
        await raiseConsents(
          tx,
          rows.flatMap(({ id, ref, consents = ['google', 'meta'] }) =>
            consents.map((recipient) => ({
              subjectId: id,
              purpose: 'ad_matching',
              channel: 'ads',
              recipient,
              act: 'granted' as const,
              class: 'evidenced' as const,
              at,
              evidenceId: `ev-${ref}-${recipient}`,
              actor: 'subject' as const,
              policyVersion: 'almado@1',
              entry: randomUUID(),
            })),
          ),
        );
        await mergeOrderLines(
          tx,
          rows.flatMap(({ id, ref, source, ordered = true }) =>
            ordered
              ? [
                  {
                    subjectId: id,
                    source,
                    orderRef: `o-${ref}`,
                    line: 1,
                    sku: 'sku-1',
                    category: 'skin-care',
                    quantity: 1,
                    yen: 3000,
                    orderedAt: START - 10 * DAY,
                    eventAt: START - 10 * DAY,
                  },
                ]
              : [],
          ),
        );
        return new Map(rows.map((row) => [row.ref, row.id]));
      }),
    addContact: (subjectId, kind, value) =>
      inTransaction(permissions, (tx) =>
        mergeContacts(tx, [contactWrite(subjectId, 'store', kind, value)]),
      ),
    stop: (whom, { kind = 'suspension', before, behindBarrier } = {}) =>
      inTransaction(permissions, async (tx) => {
        const id = randomUUID();
        const { now } = clock;
        const scope = { purposes: ['*'], channels: ['*'] };
        if (kind === 'withdrawal' && 'subjectId' in whom) {
          await raiseConsents(tx, [
            {
              subjectId: whom.subjectId,
              purpose: '*',
              channel: '*',
              recipient: '',
              act: 'withdrawn',
              class: 'evidenced',
              at: now,
              evidenceId: `stop-${id}`,
              actor: 'subject',
              entry: randomUUID(),
            },
          ]);
        } else {
          await raiseStops(tx, [
            {
              kind: kind as 'suspension',
              purpose: '*',
              channel: '*',
              at: now,
              evidenceId: `stop-${id}`,
              actor: 'subject',
              origin: whom,
              entry: randomUUID(),
            },
          ]);
        }
        await insertStopActs(
          tx,
          [
            {
              id,
              kind,
              subjectId: 'subjectId' in whom ? whom.subjectId : null,
              folds: 'fold' in whom ? [whom.fold] : [],
              ...scope,
              recipients: ['*'],
              actAt: now,
              arrivedAt: now,
            },
          ],
          now,
        );
        await before?.();
        await takeBarrier(tx, 'exclusive');
        await behindBarrier?.(tx);
        return id;
      }),
    audience: (network, more = {}) =>
      defineAudience(context, {
        name: 'skin care',
        segment: { orders: { category: 'skin-care', within: 'P180D' } },
        policy: 'almado@1',
        purpose: 'ad_matching',
        contentOwner: 'own',
        recipient: network,
        period: { from: more.from ?? '2026-11-01', to: more.to ?? '2027-03-31' },
        users: more.users ?? ['user:sato'],
        owner: 'user:sato',
      }),
    run: (audienceId, actor = 'user:sato', key = randomUUID()) =>
      startRun(context, audienceId, { actor, idempotencyKey: key }),
    held: (network, person) => {
      const digests = new Set(digestsOf(network, person));
      return sandbox
        .lists()
        .filter((list) => list.network === network)
        .flatMap((list) => list.members)
        .filter((member) => digests.has(member.digest)).length;
    },
    requests: (network, op, person) => {
      const digests = new Set(digestsOf(network, person));
      return sandbox.journal
        .entries()
        .filter(
          (entry) =>
            entry.kind === 'request' &&
            entry.network === network &&
            entry.op === op &&
            entry.members?.some((member) =>
              [...member.emails, ...member.phones].some((key) => digests.has(key)),
            ),
        ).length;
    },
    async close() {
      await Promise.all([...connectors.values()].map((connector) => connector.close()));
      await sandbox.close();
      await Promise.all([audiences.destroy(), permissions.destroy()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function connectTo(sandbox: Sandbox, clock: () => Instant): Map<string, Connector> {
  const { google, meta } = SANDBOX_CREDENTIALS;
  return new Map([
    [
      'google',
      googleConnector({
        baseUrl: sandbox.urls.google,
        operatingAccountId: google.accountId,
        token: async () => google.token,
        termsAccepted: true,
        clock,
        timing: TIMING,
      }),
    ],
    [
      'meta',
      metaConnector({
        baseUrl: sandbox.urls.meta,
        adAccountId: meta.adAccountId,
        token: async () => meta.token,
        appSecret: createSecretKey(meta.appSecret, 'utf8'),
        clock,
        timing: TIMING,
      }),
    ],
  ]);
}

async function switchOn(context: ReleaseContext, sandbox: Sandbox): Promise<void> {
  for (const network of ['google', 'meta'] as const) {
    await registerRecipient(
      context.pool,
      {
        id: network,
        network,
        kind: 'ad_network',
        basis: 'consent',
        contractRef: `contract-${network}`,
        useLimitRef: `terms-${network}`,
        items: ['hashed_email', 'hashed_phone'],
        reviewedAt: '2026-06-01',
        country: 'US',
        foreignBasis: 'consent',
      },
      'user:sato',
      START,
    );
    await bothSwitchOn(context, { target: 'recipient', id: network }, sandbox.urls[network]);
  }
  await bothSwitchOn(context, { target: 'policy', id: 'almado@1' });
}

/** A request by one person and the approval by another. */
export async function bothSwitchOn(
  context: ReleaseContext,
  target: SwitchTarget,
  url?: string,
): Promise<void> {
  const at = context.clock();
  const asked = await changeSwitch(
    context.pool,
    target,
    { act: 'request_on', reason: 'test' },
    { by: 'user:sato', url, at },
  );
  await changeSwitch(
    context.pool,
    target,
    { act: 'approve_on', request: asked.pending?.request ?? '' },
    { by: 'user:tanaka', url, at },
  );
}

/** Every kind of round, until none of them finds anything to do. The clock stands. */
export async function settle(context: ReleaseContext): Promise<void> {
  const steps = Object.values(workerSteps(context));
  for (let round = 0; round < 200; round += 1) {
    let worked = false;
    for (const step of steps) worked = (await step()) || worked;
    if (!worked) return;
  }
  throw new Error('the worker never came to rest');
}

/** Lets time pass in steps of a second, with a worker at work. */
export async function pass(company: Company, ms: number, stepMs = SECOND): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    company.clock.now += Math.min(left, stepMs);
    await settle(company.context);
  }
}

export async function reportOf(company: Company, run: string) {
  const report = await readRun(company.db, run);
  if (report === undefined) throw new Error('no such run');
  return report;
}
