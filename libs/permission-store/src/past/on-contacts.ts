import {
  latestPer,
  liftKey,
  type LiftRegister,
  type RegisteredStop,
  stopKey,
  type StopRegister,
} from '@kyoka/permission';
import type { RecordedEntry } from './entries.js';
import { foldsOfBody, liftsAt, stopsAt } from './fold-subject.js';
import type { FoldedSubjects } from './fold-subjects.js';

/** Registers by the folded contact point, in hexadecimal, that they count from. */
export interface OnContacts {
  readonly stops: ReadonlyMap<string, readonly StopRegister[]>;
  readonly lifts: ReadonlyMap<string, readonly LiftRegister[]>;
}

interface Located<T> {
  readonly fold: string;
  /** Whose the contact point is by the stop journal alone; `''` where it counts by itself. */
  readonly of: string;
  readonly register: T;
}

/** Folds what counts from contact points themselves; `subjects` are those that the entries name. */
export function onContacts(
  entries: readonly RecordedEntry[],
  subjects: FoldedSubjects,
): OnContacts {
  const locate = <T>(entry: RecordedEntry, registers: readonly T[]): Located<T>[] => {
    const { subjectId, body } = entry;
    const of = body.journalled && subjectId !== null ? subjectId : '';
    const has = new Set(subjects.known.get(of)?.folds);
    // Known to have it by itself, the subject stops from there, and the journal's word is let go.
    return foldsOfBody(body)
      .filter((fold) => !has.has(fold))
      .flatMap((fold) => registers.map((register) => ({ fold, of, register })));
  };
  const stops = entries.flatMap((entry) =>
    locate(entry, [...stopsAt(entry.body, 'contacts'), ...carried(entry, subjects)]),
  );
  const lifts = entries.flatMap((entry) => locate(entry, liftsAt(entry.body, 'contacts')));
  return { stops: latestAt(stops, stopKey), lifts: latestAt(lifts, liftKey) };
}

const CARRIED: ReadonlySet<RegisteredStop> = new Set([
  'objection',
  'complaint',
  'suspension',
  'erasure',
]);

/** Own stops of somebody erased that reach a contact point which an event tells of later. */
function carried(
  { subjectId, block, body }: RecordedEntry,
  { entries }: FoldedSubjects,
): StopRegister[] {
  if (body.gone !== true || subjectId === null) return [];
  return (entries.get(subjectId) ?? [])
    .filter((entry) => entry.block <= block)
    .flatMap((entry) => stopsAt(entry.body, 'subject'))
    .filter(({ kind }) => CARRIED.has(kind));
}

function latestAt<T extends StopRegister | LiftRegister>(
  located: readonly Located<T>[],
  keyOf: (register: T) => string,
): Map<string, T[]> {
  const latest = new Map<string, T[]>();
  for (const [fold, here] of Map.groupBy(located, (one) => one.fold)) {
    const apart = Map.groupBy(here, (one) => one.of);
    latest.set(
      fold,
      [...apart.values()].flatMap((one) =>
        latestPer(
          one.map(({ register }) => register),
          keyOf,
        ),
      ),
    );
  }
  return latest;
}
