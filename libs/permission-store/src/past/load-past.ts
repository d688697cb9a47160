import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Person } from '../load-registers.js';
import { originsOf } from '../origins.js';
import { bearingSubjects } from '../register-rows.js';
import { entriesAt, type RecordedEntry, unrecordedFolds } from './entries.js';
import { type FoldedSubject, foldsOfBody } from './fold-subject.js';
import { type FoldedSubjects, foldSubjects } from './fold-subjects.js';
import { onContacts } from './on-contacts.js';

/** A person as known then; `incomplete` where what was known can't be put together any more. */
export type PastPerson = Person | 'incomplete';

/**
 * Reads subjects as they were known at a moment: what the ledger held by then, of them and of whoever
 * shared a contact point with them, folded as it was when it came in. Somebody not known then is left
 * out. Of somebody erased since, only what remained of them is read.
 */
export async function loadPastPersons(
  tx: Queryable,
  subjectIds: readonly string[],
  at: Instant,
): Promise<Map<string, PastPerson>> {
  const asked = await foldSubjects(tx, subjectIds, at);
  const folds = [...new Set([...asked.known.values()].flatMap((one) => one.folds))];
  const entries = await entriesAt(tx, folds.map(base64url), at);
  // Registers and contact points only grow, but for an erasure: whoever bore on somebody then does now.
  const bearing = await bearingSubjects(tx, folds);
  const others = new Set([
    ...bearing.map((row) => row.subject_id),
    ...entries.flatMap((entry) => entry.subjectId ?? []),
  ]);
  const all = joined(
    asked,
    await foldSubjects(
      tx,
      [...others].filter((id) => !asked.known.has(id)),
      at,
    ),
  );
  const lost = new Set([
    ...(await unrecordedFolds(tx, folds)),
    ...bearing
      .filter((row) => all.inPart.has(row.subject_id))
      .map((row) => row.fold.toString('hex')),
    ...entries.filter((entry) => entry.erasedLater).flatMap((entry) => foldsOfBody(entry.body)),
  ]);
  const originsAt = pastOrigins(asked, all, bearing, entries);
  return new Map(
    subjectIds.flatMap((id): [string, PastPerson][] => {
      const one = asked.known.get(id);
      if (asked.inPart.has(id) || one?.folds.some((fold) => lost.has(fold))) {
        return [[id, 'incomplete']];
      }
      return one === undefined ? [] : [[id, { subject: one.subject, origins: originsAt(id) }]];
    }),
  );
}

function pastOrigins(
  asked: FoldedSubjects,
  all: FoldedSubjects,
  bearing: readonly { readonly subject_id: string }[],
  entries: readonly RecordedEntry[],
): ReturnType<typeof originsOf> {
  const contacts = onContacts(
    entries.filter((entry) => !entry.erasedLater),
    all,
  );
  const own = <T>(read: (one: FoldedSubject) => readonly T[]): [string, readonly T[]][] =>
    [...all.known].map(([id, one]) => [id, read(one)]);
  return originsOf({
    foldsOf: new Map([...asked.known].map(([id, one]) => [id, one.folds])),
    sharing: [...new Set(bearing.map((row) => row.subject_id))].flatMap((id) =>
      (all.known.get(id)?.folds ?? []).map((fold) => ({
        fold: Buffer.from(fold, 'hex'),
        subject_id: id,
      })),
    ),
    consents: new Map(own((one) => one.consents)),
    stops: new Map([...own((one) => one.stops), ...contacts.stops]),
    lifts: new Map([...own((one) => one.lifts), ...contacts.lifts]),
  });
}

const joined = (some: FoldedSubjects, others: FoldedSubjects): FoldedSubjects => ({
  known: new Map([...some.known, ...others.known]),
  entries: new Map([...some.entries, ...others.entries]),
  inPart: new Set([...some.inPart, ...others.inPart]),
});

const base64url = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url');
