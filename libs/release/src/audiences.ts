import { randomUUID } from 'node:crypto';
import { namedAs } from '@kyoka/access';
import { cadenceMs, parseSegment } from '@kyoka/audience';
import { type FieldFault, type Instant, KyokaError, tokyoDayBounds } from '@kyoka/kernel';
import type { AddressOf } from '@kyoka/permission-store';
import { inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';
import { type AudienceEnd, endOf, markEnded } from './tables/audience-end-table.js';
import { findAudience, insertAudience, setActingUser } from './tables/audience-table.js';
import { recipientExists } from './tables/recipient-table.js';
import { findRunByKey, insertRun } from './tables/run-table.js';

/** Keeps an act on what has this id (an audience, a run), in its transaction. */
export type RecordOf = (tx: Queryable, id: string) => Promise<void>;

/** What somebody asks an audience to be. */
export interface AudienceDefinition {
  readonly name: string;
  /** See `Segment` of @kyoka/audience; checked here. */
  readonly segment: unknown;
  readonly policy: string;
  readonly purpose: string;
  readonly contentOwner: string;
  readonly recipient: string;
  /** Days in Asia/Tokyo as `YYYY-MM-DD`, both included. */
  readonly period: { readonly from: string; readonly to: string };
  /** Who may run it: users (`user:...`) or roles. */
  readonly users: readonly string[];
  /** Who defines it: the owner of the token. */
  readonly owner: string;
  /** The roles of the owner, which `users` may name in their place. */
  readonly roles?: readonly string[];
  /** How often it runs by itself for its owner, from `PT1H` to `P7D`; absent: only when asked to. */
  readonly cadence?: string | undefined;
}

/**
 * Defines an audience. It sends nothing before it is run.
 *
 * @returns its id
 * @throws KyokaError `bad_input` with every wrong field
 */
export async function defineAudience(
  context: Pick<ReleaseContext, 'pool' | 'clock'>,
  definition: AudienceDefinition,
  record?: RecordOf,
): Promise<string> {
  const segment = parseSegment(definition.segment);
  const first = tokyoDayBounds(definition.period.from);
  const last = tokyoDayBounds(definition.period.to);
  const db = queryable(context.pool);
  const faults: FieldFault[] = [];
  if (!segment.ok) {
    for (const fault of segment.faults) {
      faults.push({ ...fault, field: ['segment', fault.field].filter(Boolean).join('.') });
    }
  }
  if (!first) faults.push({ field: 'period.from', expected: 'a day as YYYY-MM-DD' });
  if (!last || (first && last.last < first.first)) {
    faults.push({ field: 'period.to', expected: 'a day as YYYY-MM-DD, not before the first' });
  }
  if (definition.cadence !== undefined && cadenceMs(definition.cadence) === undefined) {
    faults.push({ field: 'cadence', expected: 'from PT1H to P7D' });
  }
  const { users, owner, roles = [] } = definition;
  if (definition.cadence !== undefined && namedAs(users, { owner, roles }) === undefined) {
    faults.push({
      field: 'users',
      expected: 'to name who defines it or a role of theirs, since its cadence runs it for them',
    });
  }
  if (users.length === 0) faults.push({ field: 'users', expected: 'at least one user' });
  if (!(await recipientExists(db, definition.recipient))) {
    faults.push({ field: 'recipient', expected: 'a registered recipient' });
  }
  if (faults.length > 0 || !segment.ok || !first || !last) {
    throw new KyokaError('bad_input', 'the audience is not well defined', { faults });
  }
  const id = randomUUID();
  const at = context.clock();
  const audience = {
    id,
    name: definition.name,
    segment: segment.segment,
    policy: definition.policy,
    purpose: definition.purpose,
    contentOwner: definition.contentOwner,
    recipientId: definition.recipient,
    period: definition.period,
    users,
    owner,
    endsAt: last.last,
    cadence: definition.cadence,
    nextRunAt: definition.cadence === undefined ? undefined : Math.max(at, first.first),
  };
  await inTransaction(context.pool, async (tx) => {
    await insertAudience(tx, audience, at);
    await record?.(tx, id);
  });
  return id;
}

/**
 * Ends an audience now: nothing is added any more, and every member leaves the network in the
 * worker's next rounds. Does nothing if it has ended.
 *
 * @returns who ended it and when; `period` where its period was over
 * @throws KyokaError `not_found`
 */
export async function endAudience(
  context: Pick<ReleaseContext, 'pool' | 'clock'>,
  id: string,
  by: string,
  record?: RecordOf,
): Promise<AudienceEnd> {
  return inTransaction(context.pool, async (tx) => {
    if (await markEnded(tx, id, by, context.clock())) await record?.(tx, id);
    const end = await endOf(tx, id);
    if (end === undefined) throw new KyokaError('not_found', 'no such audience');
    return end;
  });
}

/**
 * Starts a run of an audience. The worker does all of it, from choosing whom the segment means on.
 * The same idempotency key gives the same run.
 *
 * Only whom the audience names may run it (design §2.9). Everybody else is refused here, before the
 * run, since the decision of each person would refuse them too, and so empty the list.
 *
 * @returns the run's id
 * @throws KyokaError `not_found`; `not_permitted` for a user whom the audience doesn't name;
 *   `conflict` when the audience has ended, when its list is at another address or account than its
 *   network is reached at now, when another run of it is active, or when the key was used by another
 *   user
 */
export async function startRun(
  context: Pick<ReleaseContext, 'pool' | 'clock'> & { readonly addressOf: AddressOf },
  audienceId: string,
  asked: {
    readonly actor: string;
    /** The roles of the actor, which an audience may name in place of users. */
    readonly roles?: readonly string[];
    readonly idempotencyKey: string;
  },
  record?: RecordOf,
): Promise<string> {
  return inTransaction(context.pool, async (tx) => {
    const audience = await findAudience(tx, audienceId);
    if (audience === undefined) throw new KyokaError('not_found', 'no such audience');
    const known = await findRunByKey(tx, audienceId, asked.idempotencyKey);
    if (known !== undefined) return sameActor(known, asked.actor);
    const { actor, roles = [], idempotencyKey } = asked;
    const as = namedAs(audience.users, { owner: actor, roles });
    if (as === undefined) throw notNamed();
    if (audience.endedAt !== undefined) throw new KyokaError('conflict', 'the audience has ended');
    const { list, network } = audience;
    if (list !== undefined && list.destination !== context.addressOf(network)) {
      throw new KyokaError(
        'conflict',
        'its list is at another address or account; define a new one',
      );
    }
    const at: Instant = context.clock();
    const id = randomUUID();
    if (!(await insertRun(tx, { id, audienceId, at, actor, idempotencyKey }))) {
      const now = await findRunByKey(tx, audienceId, asked.idempotencyKey);
      if (now !== undefined) return sameActor(now, asked.actor);
      throw new KyokaError('conflict', 'another run of this audience is active');
    }
    await setActingUser(tx, audienceId, { user: actor, as });
    await record?.(tx, id);
    return id;
  });
}

const notNamed = () =>
  new KyokaError('not_permitted', 'the audience does not name this user', {
    faults: [{ field: 'use.users', expected: 'to name who runs the audience' }],
  });

function sameActor(run: { id: string; actor: string }, actor: string): string {
  if (run.actor === actor) return run.id;
  throw new KyokaError('conflict', 'the idempotency key was used by another user');
}
