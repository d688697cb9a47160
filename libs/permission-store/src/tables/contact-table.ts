import { type ContactClass, type ContactKind, formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** One contact point of one subject, without its value: token and fold for looking up, ciphertext for sending. */
export interface ContactWrite {
  readonly subjectId: string;
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly fold: Buffer;
  readonly class: ContactClass;
  readonly line: string | null;
  /** The source that supplied it for use; `null` where it only came with a stop or feedback, and serves reach alone. */
  readonly source: string | null;
  readonly rulesVersion: string;
  readonly sealed: Buffer;
  readonly confirmedAt?: Instant | undefined;
}

/** What is known already of a contact point. */
export interface KnownContact {
  readonly sources: readonly string[];
  readonly confirmedAt: Instant | null;
}

/**
 * What is known already of these contact points, by `subject:kind:token in hex`; they needn't be sealed
 * again. One whose value was lost is not known.
 */
export async function knownContacts(
  tx: Queryable,
  asked: readonly { subjectId: string; kind: ContactKind; token: Buffer }[],
): Promise<Map<string, KnownContact>> {
  if (asked.length === 0) return new Map();
  const rows = await tx.query<{
    subject_id: string;
    kind: ContactKind;
    token: Buffer;
    sources: string[];
    confirmed_at: Date | null;
  }>(
    `select c.subject_id, c.kind, c.token, c.sources, c.confirmed_at from permissions.contact_point c
     where (c.subject_id, c.kind, c.token) in (select * from unnest($1::uuid[], $2::text[], $3::bytea[]))
       and c.sealed <> ''`,
    [
      asked.map((one) => one.subjectId),
      asked.map((one) => one.kind),
      asked.map((one) => one.token),
    ],
  );
  return new Map(
    rows.map((row) => [
      contactKey({ subjectId: row.subject_id, kind: row.kind, token: row.token }),
      { sources: row.sources, confirmedAt: row.confirmed_at?.getTime() ?? null },
    ]),
  );
}

/** Whether a write tells more of a contact point than is known: nothing else is worth a row. */
export const tellsMore = (
  { source, confirmedAt }: Pick<ContactWrite, 'source' | 'confirmedAt'>,
  known: KnownContact,
): boolean =>
  (source !== null && !known.sources.includes(source)) ||
  (confirmedAt ?? -Infinity) > (known.confirmedAt ?? -Infinity);

export const contactKey = (one: { subjectId: string; kind: ContactKind; token: Buffer }): string =>
  `${one.subjectId}:${one.kind}:${one.token.toString('hex')}`;

/** Adds contact points; of known ones the sources and the moment of confirmation grow. */
export async function mergeContacts(tx: Queryable, writes: readonly ContactWrite[]): Promise<void> {
  if (writes.length === 0) return;
  await tx.query(
    `insert into permissions.contact_point as c
       (subject_id, kind, token, fold, class, line, sources, rules_version, sealed, confirmed_at)
     select n.subject_id, n.kind, n.token, n.fold, n.class, n.line,
       array_remove(array[n.source], null), n.rules_version, n.sealed,
       n.confirmed_at
     from unnest($1::uuid[], $2::text[], $3::bytea[], $4::bytea[], $5::text[], $6::text[], $7::text[], $8::text[],
       $9::bytea[], $10::timestamptz[])
       as n (subject_id, kind, token, fold, class, line, source, rules_version, sealed, confirmed_at)
     order by n.subject_id, n.kind, n.token
     on conflict (subject_id, kind, token) do update set
       sources = case when c.sources @> excluded.sources then c.sources
         else (select array_agg(distinct s order by s) from unnest(c.sources || excluded.sources) s) end,
       sealed = case when c.sealed = '' then excluded.sealed else c.sealed end,
       confirmed_at = greatest(c.confirmed_at, excluded.confirmed_at)`,
    [
      writes.map((write) => write.subjectId),
      writes.map((write) => write.kind),
      writes.map((write) => write.token),
      writes.map((write) => write.fold),
      writes.map((write) => write.class),
      writes.map((write) => write.line),
      writes.map((write) => write.source),
      writes.map((write) => write.rulesVersion),
      writes.map((write) => write.sealed),
      writes.map((write) =>
        write.confirmedAt === undefined ? null : formatInstant(write.confirmedAt),
      ),
    ],
  );
}

/** The folded contact points that each of these subjects has or had; one without any is left out. */
export async function foldsOf(
  tx: Queryable,
  subjectIds: readonly string[],
): Promise<Map<string, Buffer[]>> {
  if (subjectIds.length === 0) return new Map();
  const rows = await tx.query<{ subject_id: string; folds: Buffer[] }>(
    `select subject_id, array_agg(distinct fold order by fold) as folds
     from permissions.contact_point where subject_id = any ($1::uuid[]) and class <> 'invalid'
     group by subject_id`,
    [subjectIds],
  );
  return new Map(rows.map((row) => [row.subject_id, row.folds]));
}
