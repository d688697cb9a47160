import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

export interface SubjectName {
  readonly source: string;
  readonly ref: string;
}

/** What a batch says of one subject; each part is a maximum (acquired: a minimum) over the batch. */
export interface SubjectWrite {
  readonly id: string;
  readonly category?: { readonly value: string; readonly at: Instant; readonly event: string };
  readonly acquired?: {
    readonly source: string;
    readonly at: Instant;
    readonly event: string;
    readonly policyVersion: string | null;
    readonly noticeShown: boolean | null;
  };
  readonly registeredAt?: Instant;
  readonly cancelledAt?: Instant;
  readonly adsOnAt?: Instant;
  readonly adsOffAt?: Instant;
}

const time = (at: Instant | undefined): string | null =>
  at === undefined ? null : formatInstant(at);

/**
 * Gives the id of every `(source, ref)`, creating the subjects that aren't known yet, and locks the
 * rows until the transaction ends, in the order of their ids.
 *
 * @param candidates a random id for each name, used where the subject is new
 * @returns ids by `source\0ref`
 */
export async function lockSubjects(
  tx: Queryable,
  names: readonly SubjectName[],
  candidates: readonly string[],
  arrivedAt: Instant,
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const sources = names.map((name) => name.source);
  const refs = names.map((name) => name.ref);
  await tx.query(
    `insert into permissions.subject (id, source, ref, arrived_at)
     select n.id, n.source, n.ref, $4 from unnest($1::uuid[], $2::text[], $3::text[]) as n (id, source, ref)
     order by n.source, n.ref
     on conflict (source, ref) do nothing`,
    [candidates, sources, refs, formatInstant(arrivedAt)],
  );
  const rows = await tx.query<{ id: string; source: string; ref: string }>(
    `select s.id, s.source, s.ref from permissions.subject s
     where (s.source, s.ref) in (select * from unnest($1::text[], $2::text[]))
     order by s.id for update`,
    [sources, refs],
  );
  return new Map(rows.map((row) => [subjectKey(row), row.id]));
}

export const subjectKey = (name: SubjectName): string => `${name.source}\u0000${name.ref}`;

/** Merges what a batch says into the subjects' rows; later or earlier arrivals give the same row. */
export async function mergeSubjects(tx: Queryable, writes: readonly SubjectWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await tx.query(
    `update permissions.subject s set
       category = case when category_wins then w.category else s.category end,
       category_at = case when category_wins then w.category_at else s.category_at end,
       category_event = case when category_wins then w.category_event else s.category_event end,
       acquired_source = case when acquired_wins then w.acquired_source else s.acquired_source end,
       acquired_at = case when acquired_wins then w.acquired_at else s.acquired_at end,
       acquired_event = case when acquired_wins then w.acquired_event else s.acquired_event end,
       policy_version = case when acquired_wins then w.policy_version else s.policy_version end,
       notice_shown = case when acquired_wins then w.notice_shown else s.notice_shown end,
       registered_at = greatest(s.registered_at, w.registered_at),
       cancelled_at = greatest(s.cancelled_at, w.cancelled_at),
       ads_on_at = greatest(s.ads_on_at, w.ads_on_at),
       ads_off_at = greatest(s.ads_off_at, w.ads_off_at)
     from (
       select n.*,
         n.category is not null and (o.category_at is null
           or (n.category_at, n.category_event collate "C") > (o.category_at, o.category_event)) as category_wins,
         n.acquired_at is not null and (o.acquired_at is null
           or (n.acquired_at, n.acquired_event collate "C") < (o.acquired_at, o.acquired_event)) as acquired_wins
       from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::timestamptz[], $7::text[],
         $8::text[], $9::boolean[], $10::timestamptz[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[])
         as n (id, category, category_at, category_event, acquired_source, acquired_at, acquired_event,
           policy_version, notice_shown, registered_at, cancelled_at, ads_on_at, ads_off_at)
       join permissions.subject o on o.id = n.id
     ) w
     where s.id = w.id`,
    [
      writes.map((write) => write.id),
      writes.map((write) => write.category?.value ?? null),
      writes.map((write) => time(write.category?.at)),
      writes.map((write) => write.category?.event ?? null),
      writes.map((write) => write.acquired?.source ?? null),
      writes.map((write) => time(write.acquired?.at)),
      writes.map((write) => write.acquired?.event ?? null),
      writes.map((write) => write.acquired?.policyVersion ?? null),
      writes.map((write) => write.acquired?.noticeShown ?? null),
      writes.map((write) => time(write.registeredAt)),
      writes.map((write) => time(write.cancelledAt)),
      writes.map((write) => time(write.adsOnAt)),
      writes.map((write) => time(write.adsOffAt)),
    ],
  );
}
