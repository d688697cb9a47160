import { randomUUID } from 'node:crypto';
import { CHANNELS, DAY, type Instant } from '@kyoka/kernel';
import type { Policy } from '@kyoka/policy';
import { policyKey } from '@kyoka/policy';
import type { Queryable } from '@kyoka/postgres';
import { type Random } from './random.js';

/** The registers of one random person, as rows. */
interface Rows {
  readonly subjects: Row[];
  readonly contacts: Row[];
  readonly consents: Row[];
  readonly stops: Row[];
  readonly lifts: Row[];
}
type Row = Readonly<Record<string, unknown>>;

const AT_ONCE = 500;

/** Fewer than people, so that some are shared. */
const FOLDS = 160;

/**
 * Random people of a policy, written as their registers stand: known and unknown words, stops of the
 * person, of neighbours and of bare contact points, their ends, acts that are dated ahead.
 *
 * @returns the subject ids
 */
export async function insertPeople(
  db: Queryable,
  policy: Policy,
  random: Random,
  count: number,
  now: Instant,
): Promise<string[]> {
  const folds = Array.from({ length: FOLDS }, () => random.bytes(16));
  const rows: Rows = { subjects: [], contacts: [], consents: [], stops: [], lifts: [] };
  for (let at = 0; at < count; at += 1) addPerson(rows, policy, random, folds, now);
  for (const fold of folds.filter(() => random.chance(0.08))) {
    rows.stops.push({ origin: fold, subject_id: null, fold, ...stop(policy, random, now) });
    if (random.chance(0.3)) {
      rows.lifts.push({ origin: fold, subject_id: null, fold, ...lift(policy, random, now) });
    }
  }
  const written = policy.changes ? underOlderVersions(rows, policy, random) : rows;
  const tables = [
    ['subject', written.subjects],
    ['contact_point', rows.contacts],
    ['consent', written.consents],
    ['stop', rows.stops],
    ['lift', rows.lifts],
  ] as const;
  for (const [table, list] of tables) await insert(db, table, list);
  return rows.subjects.map(({ id }) => String(id));
}

/** Of a text that has changed: whose data came in under an older one, and which text consents name. */
function underOlderVersions(rows: Rows, { policy: { id, version } }: Policy, random: Random): Rows {
  const one = (): string => `${id}@${random.between(1, version)}`;
  return {
    ...rows,
    subjects: rows.subjects.map((subject) =>
      subject['policy_version'] !== null && random.chance(0.6)
        ? { ...subject, policy_version: one() }
        : subject,
    ),
    consents: rows.consents.map((consent) => ({
      ...consent,
      policy_version: random.chance(0.5) ? one() : '',
    })),
  };
}

async function insert(db: Queryable, table: string, rows: readonly Row[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {});
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const some = rows.slice(start, start + AT_ONCE);
    const places = some.map(
      (_, row) => `(${columns.map((__, at) => `$${row * columns.length + at + 1}`).join(', ')})`,
    );
    await db.query(
      `insert into permissions.${table} (${columns.join(', ')}) values ${places.join(', ')} on conflict do nothing`,
      some.flatMap((row) => columns.map((column) => row[column])),
    );
  }
}

const when = (random: Random, now: Instant, days: number): Date =>
  new Date(now - random.between(-3 * DAY, days * DAY));

function addPerson(
  rows: Rows,
  policy: Policy,
  random: Random,
  folds: readonly Buffer[],
  now: Instant,
): void {
  const id = randomUUID();
  const marketable = policy.categories.filter((one) => one.marketable);
  const category = random.chance(0.95)
    ? random.one(
        random.chance(0.8)
          ? marketable.slice(0, random.chance(0.7) ? 2 : marketable.length)
          : policy.categories,
      ).id
    : random.one(['stranger', null]);
  const fitting = policy.sources.filter(({ yields }) => yields.includes(category ?? ''));
  const timed = random.chance(0.3) && fitting.find(({ id }) => id === 'mall.amazon');
  const sourceOf = (): string =>
    timed
      ? timed.id
      : random.chance(0.96)
        ? random.one(
            fitting.length === 0 || random.chance(0.1)
              ? policy.sources
              : random.chance(0.6)
                ? fitting.slice(0, 2)
                : fitting,
          ).id
        : 'nowhere';
  const acquired = random.chance(0.93);
  const cancelled = random.chance(0.08);
  rows.subjects.push({
    id,
    source: sourceOf(),
    ref: id,
    category,
    acquired_source: acquired ? sourceOf() : null,
    acquired_at: acquired ? when(random, now, random.chance(0.9) ? 500 : 900) : null,
    policy_version: acquired
      ? random.weighted({ [policyKey(policy)]: 92, [`${policy.policy.id}@9`]: 4, '': 4 }) || null
      : null,
    notice_shown: acquired ? random.one([...Array<boolean>(14).fill(true), false, null]) : null,
    registered_at: random.chance(0.6) ? when(random, now, 300) : null,
    cancelled_at: cancelled ? when(random, now, 300) : null,
    ads_on_at: random.chance(0.75) ? when(random, now, 300) : null,
    ads_off_at: random.chance(0.08) ? when(random, now, 300) : null,
    arrived_at: new Date(now),
  });
  for (const kind of ['email', 'email', 'phone', 'line', 'postal'] as const) {
    if (!random.chance(0.7)) continue;
    const fold = random.chance(0.2) ? random.one(folds) : random.bytes(16);
    rows.contacts.push({
      subject_id: id,
      kind,
      token: random.bytes(16),
      fold,
      class: random.weighted({ personal: 88, relay: 4, alias: 3, role: 2, invalid: 3 }),
      sources: random.chance(0.97)
        ? [...new Set(Array.from({ length: random.between(1, 2) }, sourceOf))]
        : [],
      rules_version: '1',
      sealed: Buffer.alloc(1),
      confirmed_at: random.chance(0.6) ? when(random, now, 300) : null,
    });
  }
  const marketing = policy.purposes.filter(({ kind }) => kind === 'marketing');
  for (const purpose of marketing) {
    for (const channel of CHANNELS) {
      if (random.chance(0.85)) rows.consents.push(consent(id, purpose.id, channel, random, now));
      if (random.chance(0.15)) rows.consents.push(consent(id, purpose.id, channel, random, now));
    }
  }
  for (let more = 0; more < 2; more += 1) {
    const { id: purpose } = random.one(policy.purposes);
    rows.consents.push(consent(id, purpose, random.one(CHANNELS), random, now));
  }
  if (random.chance(0.06)) {
    const channel = random.one(['*', ...CHANNELS]);
    rows.consents.push({
      ...consent(id, random.one(['*', random.one(policy.purposes).id]), channel, random, now),
      act: 'withdrawn',
    });
  }
  if (random.chance(0.1)) {
    rows.stops.push({
      origin: Buffer.from(id.replaceAll('-', ''), 'hex'),
      subject_id: id,
      fold: null,
      ...stop(policy, random, now),
    });
  }
  if (random.chance(0.1)) {
    rows.lifts.push({
      origin: Buffer.from(id.replaceAll('-', ''), 'hex'),
      subject_id: id,
      fold: null,
      ...lift(policy, random, now),
    });
  }
}

function consent(
  subject: string,
  purpose: string,
  channel: string,
  random: Random,
  now: Instant,
): Row {
  const proof = random.weighted({ evidenced: 80, confirmed: 12, unproven: 8 });
  const act = random.chance(0.97) ? 'granted' : 'withdrawn';
  const recipient =
    channel === 'ads' || random.chance(0.05)
      ? channel === 'ads'
        ? random.weighted({ google: 55, ad_networks: 35, meta: 5, '': 5 })
        : random.one(['printer', 'other'])
      : '';
  return {
    subject_id: subject,
    purpose,
    channel,
    recipient: act === 'withdrawn' && random.chance(0.3) ? '' : recipient,
    act,
    class: proof,
    at: when(random, now, random.chance(0.8) ? 300 : 500),
    evidence_id: proof === 'unproven' ? '' : `ev-${random.between(1, 1_000_000)}`,
    actor: proof === 'unproven' ? random.one(['import', 'operator']) : 'subject',
    entry: randomUUID(),
  };
}

const KINDS = {
  objection: 4,
  suspension: 3,
  complaint: 3,
  hard_bounce: 4,
  unfollowed: 3,
  returned_post: 3,
  erasure: 2,
} as const;

const scope = (policy: Policy, random: Random) => ({
  purpose: random.chance(0.5) ? '*' : random.one(policy.purposes).id,
  channel: random.chance(0.6) ? '*' : random.one(CHANNELS),
});

const stop = (policy: Policy, random: Random, now: Instant): Row => ({
  kind: random.weighted(KINDS),
  ...scope(policy, random),
  at: when(random, now, 300),
  evidence_id: `ev-${random.between(1, 1_000_000)}`,
  actor: 'subject',
  entry: randomUUID(),
});

const lift = (policy: Policy, random: Random, now: Instant): Row => ({
  kind: random.one(['lift', 'follow', 'confirmation']),
  ...scope(policy, random),
  at: when(random, now, 300),
  evidence_id: `ev-${random.between(1, 1_000_000)}`,
  actor: 'subject',
  entry: randomUUID(),
});
