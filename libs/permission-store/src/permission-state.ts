import type { TermBounds } from '@kyoka/decision';
import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import { type Origin, permissionsOf, type StandingPermission, stopsOf } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';
import { loadPersons, type Person, type StoredSubject } from './load-registers.js';
import { appendOutbox } from './tables/outbox-table.js';
import { forgottenAmong } from './tables/erasure-table.js';
import { sourcesOfReaders } from './tables/reader-table.js';

/** Whether a membership or registration stands: a cancellation wins at the same instant. */
export function statusOf(subject: StoredSubject): 'active' | 'cancelled' {
  return subject.cancelledAt !== null && subject.cancelledAt >= (subject.registeredAt ?? -Infinity)
    ? 'cancelled'
    : 'active';
}

/** The person's own ads switch; `undefined` if they never touched it. Off wins at the same instant. */
export function adsSwitchOf(subject: StoredSubject): 'on' | 'off' | undefined {
  if (subject.adsOnAt === null && subject.adsOffAt === null) return undefined;
  return (subject.adsOffAt ?? -Infinity) >= (subject.adsOnAt ?? -Infinity) ? 'off' : 'on';
}

const selfOf = (person: Person): Origin =>
  person.origins.find((origin) => origin.relation === 'self') as Origin;

const hasExpired = (
  { state, purpose, at }: StandingPermission,
  terms: TermBounds | undefined,
): boolean => state === 'granted' && at < (terms?.consents.get(purpose) ?? -Infinity);

/** Whether the time is over for which its source lets the data be used. */
const retentionOver = ({ acquired }: StoredSubject, terms: TermBounds | undefined): boolean =>
  acquired !== null && acquired.at < (terms?.sources.get(acquired.source) ?? -Infinity);

/** The whole permission state of a person, in the form that other services and the company's people read. */
export function permissionState(person: Person): { readonly [key: string]: Json | undefined } {
  const { subject, origins, terms } = person;
  return {
    category: subject.category ?? 'unknown',
    status: statusOf(subject),
    adsSwitch: adsSwitchOf(subject),
    retentionOver: retentionOver(subject, terms) ? true : undefined,
    permissions: permissionsOf(selfOf(person)).map((one) => ({
      purpose: one.purpose,
      channel: one.channel,
      recipient: one.recipient === '' ? undefined : one.recipient,
      state: hasExpired(one, terms) ? 'expired' : one.state,
      proof: one.proof,
      at: formatInstant(one.at),
      evidence: one.evidenceId === '' ? undefined : one.evidenceId,
    })),
    stops: stopsOf(origins).map((stop) => ({
      kind: stop.kind,
      purpose: stop.purpose,
      channel: stop.channel,
      recipient: stop.recipient === '' ? undefined : stop.recipient,
      at: formatInstant(stop.at),
      endedAt: stop.endedAt === null ? undefined : formatInstant(stop.endedAt),
      through: stop.through,
    })),
  };
}

/**
 * Adds to the outbox the whole permission state of each subject as it stands in this transaction.
 * The topic is compacted by subject, so a reader that starts late finds the newest state of everybody.
 * Of somebody erased of whom nothing has come in since, a tombstone takes out what the topic holds.
 *
 * @param readAt when the records are read from, which decides whose readers are told references
 */
export async function appendPermissionStates(
  tx: Queryable,
  subjectIds: readonly string[],
  at: Instant,
  readAt: Instant = at,
): Promise<void> {
  if (subjectIds.length === 0) return;
  const told = new Set(await sourcesOfReaders(tx, TOPIC, readAt));
  for (let start = 0; start < subjectIds.length; start += AT_ONCE) {
    const some = subjectIds.slice(start, start + AT_ONCE);
    const persons = await loadPersons(tx, some);
    const forgotten = await forgottenAmong(tx, some);
    await appendOutbox(
      tx,
      [...persons].map(([id, person]) => ({
        topic: TOPIC,
        key: id,
        type: 'jp.kyoka.permission.changed.v1',
        payload: forgotten.has(id)
          ? null
          : {
              subject: id,
              refs: told.has(person.subject.source)
                ? [{ source: person.subject.source, ref: person.subject.ref }]
                : [],
              ...permissionState(person),
              at: formatInstant(at),
            },
      })),
    );
  }
}

const TOPIC = 'kyoka.permissions.v1';

/** States held in memory at once; a stop may reach any number of people. */
const AT_ONCE = 1_000;
