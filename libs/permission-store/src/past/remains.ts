import type { Instant, Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { liftFrom, type Register, stopFrom } from '../register-rows.js';
import { recordedBody } from './changes.js';

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
  const rows = await tx.query<Remaining>(
    'select id, cancelled_at, ads_off_at from permissions.subject where id = any ($1::uuid[])',
    [subjectIds],
  );
  const subjects = new Map(rows.map((row) => [row.id, row]));
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
    const subject = subjects.get(subjectId);
    return recordedBody({
      contacts: [],
      folds: (foldsOf.get(subjectId) ?? []).map((fold) => fold.toString('base64url')),
      changes: {
        about: {
          ...moment('cancelledAt', subject?.cancelled_at),
          ...moment('adsOffAt', subject?.ads_off_at),
        },
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

const moment = <Name extends 'cancelledAt' | 'adsOffAt'>(
  name: Name,
  at: Date | null | undefined,
): { readonly [_ in Name]?: Instant } =>
  at == null ? {} : ({ [name]: at.getTime() } as { readonly [_ in Name]?: Instant });

const bySubject = <T extends Register>(rows: readonly T[]): Map<string, T[]> =>
  Map.groupBy(rows, (row) => row.subject_id as string);
