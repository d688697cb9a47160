import type { ConsentRegister, LiftRegister, Origin, StopRegister } from '@kyoka/permission';
import type { Queryable } from '@kyoka/postgres';
import {
  bearingSubjects,
  consentFrom,
  consentsOf,
  liftFrom,
  originOf,
  registersOf,
  type Scope,
  stopFrom,
} from './register-rows.js';

/** The folded contact points, in hexadecimal, that a subject has or had and that can tie people. */
export type FoldsOf = ReadonlyMap<string, readonly string[]>;

/**
 * Reads where registers that bear on each of these subjects come from. Somebody who shares a contact
 * point is an origin only with registers of their own in the scope, and one object for everybody who
 * shares the same with them, so that a contact point of many costs as much as one of few.
 */
export async function loadOrigins(
  tx: Queryable,
  foldsOf: FoldsOf,
  scope: Scope | undefined,
): Promise<(subjectId: string) => Origin[]> {
  const asked = [...foldsOf.keys()];
  const folds = [...new Set([...foldsOf.values()].flat())];
  const bearing = await bearingSubjects(tx, folds);
  const everybody = [...new Set([...asked, ...bearing.map((row) => row.subject_id)])];
  const consents = groups(
    await consentsOf(tx, everybody, scope),
    (row) => row.subject_id,
    consentFrom,
  );
  const registers = await registersOf(tx, everybody, folds, scope);
  const of = (name: (typeof registers)[number]['register']) =>
    registers.filter(({ register }) => register === name);
  const stops = groups(of('stop'), originOf, stopFrom);
  const lifts = groups(of('lift'), originOf, liftFrom);
  return originsOf({ foldsOf, sharing: bearing, consents, stops, lifts });
}

/** Registers by the id of where they count from, and who of those has or had which folded contact point. */
export interface Registers {
  readonly foldsOf: FoldsOf;
  readonly sharing: readonly { readonly fold: Buffer; readonly subject_id: string }[];
  readonly consents: ReadonlyMap<string, readonly ConsentRegister[]>;
  readonly stops: ReadonlyMap<string, readonly StopRegister[]>;
  readonly lifts: ReadonlyMap<string, readonly LiftRegister[]>;
}

/** What bears on each subject, of registers that were read together. */
export function originsOf({
  foldsOf,
  sharing: bearing,
  consents,
  stops,
  lifts,
}: Registers): (subjectId: string) => Origin[] {
  const onFold = groups(
    bearing,
    (row) => row.fold.toString('hex'),
    (row) => row.subject_id,
  );

  const make = (id: string, relation: Origin['relation'], shared: readonly string[]): Origin => ({
    id,
    relation,
    folds: shared,
    consents: consents.get(id) ?? [],
    stops: stops.get(id) ?? [],
    lifts: lifts.get(id) ?? [],
  });
  const made = new Map<string, Origin>();
  const once: typeof make = (id, relation, shared) => {
    const key = [id, ...shared].join();
    const known = made.get(key) ?? make(id, relation, shared);
    made.set(key, known);
    return known;
  };
  const says = (origin: Origin): boolean =>
    origin.consents.length + origin.stops.length + origin.lifts.length > 0;

  return (subjectId) => {
    const own = foldsOf.get(subjectId) ?? [];
    const sharing = new Map<string, string[]>();
    for (const fold of own) {
      for (const id of onFold.get(fold) ?? []) {
        if (id !== subjectId) sharing.set(id, [...(sharing.get(id) ?? []), fold]);
      }
    }
    return [
      make(subjectId, 'self', own),
      ...[...sharing].map(([id, shared]) => once(id, 'sharing', shared)).filter(says),
      ...own.map((fold) => once(fold, 'contact', [fold])).filter(says),
    ];
  };
}

function groups<T, R>(
  rows: readonly T[],
  keyOf: (row: T) => string,
  read: (row: T) => R,
): Map<string, R[]> {
  const found = new Map<string, R[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = found.get(key);
    if (group) group.push(read(row));
    else found.set(key, [read(row)]);
  }
  return found;
}
