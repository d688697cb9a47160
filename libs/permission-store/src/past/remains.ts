import type { Instant, Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { liftFrom, originOf, type Register, registersOf, stopFrom } from '../register-rows.js';
import { type Changes, recordedBody } from './changes.js';

interface Remaining {
  readonly id: string;
  readonly cancelled_at: Date | null;
  readonly ads_off_at: Date | null;
}

/**
 * What is left of subjects whose rows an erasure has just taken out, for the entry that tells of it:
 * from there on their past begins anew, and nothing from before is read again.
 *
 * @param foldsOf the folded contact points that each had
 */
export async function recordRemains(
  tx: Queryable,
  subjectIds: readonly string[],
  foldsOf: ReadonlyMap<string, readonly Buffer[]>,
): Promise<(subjectId: string) => Readonly<Record<string, Json>>> {
  const aboutOf = await momentsLeft(tx, subjectIds);
  const stops = bySubject(
    await tx.query<Register & { readonly placed: boolean }>(
      `select s.subject_id, s.fold, s.kind, s.purpose, s.channel, s.at, s.evidence_id, s.actor,
         exists (select from permissions.stop f join unnest($1::uuid[], $2::bytea[]) as n (subject_id, fold)
             on n.fold = f.fold and n.subject_id = s.subject_id
           where (f.kind, f.purpose, f.channel, f.at) = (s.kind, s.purpose, s.channel, s.at)) as placed
       from permissions.stop s where s.subject_id = any ($3::uuid[])`,
      [
        [...foldsOf].flatMap(([id, folds]) => folds.map(() => id)),
        [...foldsOf.values()].flat(),
        subjectIds,
      ],
    ),
  );
  const lifts = bySubject(
    await tx.query<Register>(
      `select subject_id, fold, kind, purpose, channel, at, evidence_id, actor
       from permissions.lift where subject_id = any ($1::uuid[])`,
      [subjectIds],
    ),
  );
  return (subjectId) => {
    const own = stops.get(subjectId) ?? [];
    return recordedBody({
      contacts: [],
      folds: (foldsOf.get(subjectId) ?? []).map((fold) => fold.toString('base64url')),
      changes: {
        about: aboutOf(subjectId),
        stops: own.flatMap((row) => {
          const register = stopFrom(row);
          const placed = row.placed ? [{ target: 'contacts' as const, register }] : [];
          return [{ target: 'subject' as const, register }, ...placed];
        }),
        lifts: (lifts.get(subjectId) ?? []).map((row) => ({
          target: 'subject' as const,
          register: liftFrom(row),
        })),
      },
    });
  };
}

/** What is kept of one subject, or by itself at one folded contact point. */
export interface KeptStops {
  readonly subjectId: string | null;
  /** The subject's id, or the folded contact point in hexadecimal. */
  readonly place: string;
  readonly body: Readonly<Record<string, Json>>;
}

/**
 * What stays where the records of erased subjects end: what stops them, and whoever brings one of these
 * folded contact points again. Each stands for itself, so that nothing ties them to one another, and
 * names no evidence, which has ended with the records.
 */
export async function keptStops(
  tx: Queryable,
  subjectIds: readonly string[],
  folds: readonly Buffer[],
): Promise<KeptStops[]> {
  const aboutOf = await momentsLeft(tx, subjectIds);
  const hexes = [...new Set(folds.map((fold) => fold.toString('hex')))].sort();
  const rows = await registersOf(tx, subjectIds, hexes, undefined);
  const at = Map.groupBy(
    rows.map((row) => ({ ...row, evidence_id: '' })),
    originOf,
  );
  const kept = (place: string, target: 'subject' | 'contacts'): Changes => {
    const own = at.get(place) ?? [];
    const registers = (of: 'stop' | 'lift') => own.filter(({ register }) => register === of);
    return {
      stops: registers('stop').map((row) => ({ target, register: stopFrom(row) })),
      lifts: registers('lift').map((row) => ({ target, register: liftFrom(row) })),
    };
  };
  return [
    ...subjectIds.map((subjectId) => ({
      subjectId,
      place: subjectId,
      body: recordedBody({
        contacts: [],
        changes: { ...kept(subjectId, 'subject'), about: aboutOf(subjectId) },
      }),
    })),
    ...hexes.map((hex) => ({
      subjectId: null,
      place: hex,
      body: recordedBody({
        contacts: [],
        folds: [Buffer.from(hex, 'hex').toString('base64url')],
        changes: kept(hex, 'contacts'),
      }),
    })),
  ];
}

/** The moments that an erasure leaves with its subjects. */
async function momentsLeft(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<(subjectId: string) => NonNullable<Changes['about']>> {
  const rows = await tx.query<Remaining>(
    'select id, cancelled_at, ads_off_at from permissions.subject where id = any ($1::uuid[])',
    [subjectIds],
  );
  const subjects = new Map(rows.map((row) => [row.id, row]));
  return (subjectId) => {
    const subject = subjects.get(subjectId);
    return {
      ...moment('cancelledAt', subject?.cancelled_at),
      ...moment('adsOffAt', subject?.ads_off_at),
    };
  };
}

const moment = <Name extends 'cancelledAt' | 'adsOffAt'>(
  name: Name,
  at: Date | null | undefined,
): { readonly [_ in Name]?: Instant } =>
  at === null || at === undefined
    ? {}
    : ({ [name]: at.getTime() } as { readonly [_ in Name]?: Instant });

const bySubject = <T extends Register>(rows: readonly T[]): Map<string, T[]> =>
  Map.groupBy(rows, (row) => row.subject_id as string);
