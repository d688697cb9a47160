import { randomUUID } from 'node:crypto';
import { type Connector, SEND_DEADLINE_MS } from '@kyoka/connector-kit';
import type { DecisionQuestion } from '@kyoka/decision';
import { type Instant, MINUTE } from '@kyoka/kernel';
import { reachOf } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { type Pool, type Queryable, queryable } from '@kyoka/postgres';
import {
  barrierGuard,
  defineAudience,
  DEFAULT_SETTINGS,
  type GateGuard,
  type ReleaseContext,
  startRun,
  storedDecisions,
  storedStops,
  whileEntitled,
  workerSteps,
} from '@kyoka/release';

/** What a release of one person says. */
export interface Released {
  readonly contacts: readonly string[];
  readonly basis: string | null;
  readonly source: string | null;
  readonly evidence: readonly string[];
  readonly policy: string;
}

/** What an audience came to when it was built, and at the gate. */
export interface Passed {
  readonly built: {
    readonly allowed: number;
    readonly refused: number;
    readonly any: Readonly<Record<string, number>>;
  };
  /** By subject id. */
  readonly released: ReadonlyMap<string, Released>;
  readonly refused: { readonly persons: number; readonly any: Readonly<Record<string, number>> };
}

export const NETWORK = 'google';
export const DESTINATION = 'network.example account 1';
/** Everybody has ordered it. */
export const ORDERED = 'everything';

const CONFIRMATION = {
  basis: 'declared_time',
  processingTimeMs: MINUTE,
  firstPollAfterMs: MINUTE,
  pollBackoff: { factor: 2, maxMs: MINUTE },
  giveUpAfterMs: 10 * MINUTE,
} as const;

/** A network that takes everything and keeps nothing. */
const TAKES_ALL: Connector = {
  capabilities: {
    network: NETWORK,
    identifiers: ['email', 'phone'],
    maxPersonsPerRequest: 301,
    maxIdentifiersPerPerson: 100,
    personCountsAs: 'one',
    badRecord: 'counted',
    memberLifetimeDays: null,
    addConfirmation: CONFIRMATION,
    removalConfirmation: CONFIRMATION,
    quota: [],
    sendDeadlineMs: SEND_DEADLINE_MS,
  },
  destination: DESTINATION,
  add: async ({ members }) => ({
    kind: 'accepted',
    received: members.length,
    invalid: 0,
    accountedFor: true,
  }),
  remove: async ({ members }) => ({
    kind: 'accepted',
    received: members.length,
    invalid: 0,
    accountedFor: true,
  }),
  ensureList: async (id) => ({ id }),
  close: async () => undefined,
};

export const addressOf = (network: string | null): string | undefined =>
  network === NETWORK ? DESTINATION : undefined;

/** The product's own release worker up to its connector, which a network is played behind. */
export function releaseContext(pool: Pool, set: PolicySet, now: Instant): ReleaseContext {
  return {
    pool,
    decide: whileEntitled(storedDecisions(set, addressOf)),
    reachOf,
    stopsInForce: storedStops(set),
    guard: barrierGuard(reachOf),
    matchKeyOf: () => '0'.repeat(64),
    connectors: new Map([[NETWORK, TAKES_ALL]]),
    clock: () => now,
    log: () => undefined,
    settings: DEFAULT_SETTINGS,
  };
}

/**
 * Builds an audience of everybody who ordered, wants besides everybody whom that refused, as if they
 * had been allowed when it was built, and lets the gate be asked about all of them.
 *
 * @param atGate the guard of the gate alone
 */
export async function passEverybody(
  context: ReleaseContext,
  { policy = '', request, recipient }: DecisionQuestion,
  atGate: GateGuard = context.guard,
): Promise<Passed> {
  const db = queryable(context.pool);
  const { purpose = '', contentOwner = '', actor = '' } = request;
  const { from = '', to = '', users = [] } = request.use ?? {};
  const audience = await defineAudience(context, {
    name: 'everybody',
    segment: { orders: { category: ORDERED } },
    policy,
    purpose,
    contentOwner,
    recipient: recipient?.id ?? '',
    period: { from, to },
    users,
    owner: actor,
  });
  const run = await startRun({ ...context, addressOf }, audience, {
    actor,
    idempotencyKey: randomUUID(),
  });
  await untilIdle(context, 'building');
  await wantTheRest(db, audience, run);
  await untilIdle({ ...context, guard: atGate }, 'sending');
  return passedOf(db, audience, run);
}

async function untilIdle(context: ReleaseContext, work: 'building' | 'sending'): Promise<void> {
  const step = workerSteps(context)[work];
  if (step === undefined) throw new Error(`no such work: ${work}`);
  while (await step());
}

/** Every contact point that an ad network could match and that the audience doesn't have. */
const wantTheRest = (db: Queryable, audience: string, run: string) =>
  db.query(
    `insert into audiences.member (audience_id, subject_id, kind, token, fold, state, run_id, checked_at, changed_at)
     select $1, c.subject_id, c.kind, c.token, c.fold, 'wanted', $2, r.started_at, r.started_at
     from permissions.v_contact_point c join audiences.run r on r.id = $2
     where c.kind in ('email', 'phone') and cardinality(c.sources) > 0
     on conflict do nothing`,
    [audience, run],
  );

async function passedOf(db: Queryable, audience: string, run: string): Promise<Passed> {
  const [built] = await db.query<Passed['built']>(
    'select allowed, refused, refused_any as any from audiences.run where id = $1',
    [run],
  );
  const releases = await db.query<{ subject_id: string; body: Released }>(
    `select r.subject_id, r.body from audiences.release r join audiences.attempt a on a.id = r.attempt_id
     where a.audience_id = $1`,
    [audience],
  );
  const refusals = await db.query<{ persons: number; by_reason: Record<string, number> }>(
    'select persons, by_reason from audiences.gate_refusal where run_id = $1',
    [run],
  );
  const any: Record<string, number> = {};
  for (const [code, persons] of refusals.flatMap((one) => Object.entries(one.by_reason))) {
    any[code] = (any[code] ?? 0) + persons;
  }
  return {
    built: built as Passed['built'],
    released: new Map(releases.map((row) => [row.subject_id, row.body])),
    refused: { persons: refusals.reduce((sum, { persons }) => sum + persons, 0), any },
  };
}
