import type { TermBounds } from '@kyoka/decision';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** A term of consents, by purpose, or of data, by source. */
export interface TermName {
  readonly kind: 'consent' | 'source';
  readonly name: string;
}

/** What stands as over: of whoever it is over for that has been told. */
export async function loadTerms(tx: Queryable): Promise<TermBounds> {
  const rows = await tx.query<TermName & { over_before: Date }>(
    'select kind, name, over_before from permissions.v_term',
  );
  const bounds = { consents: new Map<string, Instant>(), sources: new Map<string, Instant>() };
  for (const { kind, name, over_before: at } of rows) {
    bounds[kind === 'consent' ? 'consents' : 'sources'].set(name, at.getTime());
  }
  return bounds;
}

/** Moves what stands as over; `undefined`: nothing is over any more. */
export async function setTerm(
  tx: Queryable,
  { kind, name }: TermName,
  overBefore: Instant | undefined,
): Promise<void> {
  if (overBefore === undefined) {
    await tx.query('delete from permissions.term where kind = $1 and name = $2', [kind, name]);
    return;
  }
  await tx.query(
    `insert into permissions.term (kind, name, over_before) values ($1, $2, $3)
     on conflict (kind, name) do update set over_before = excluded.over_before`,
    [kind, name, formatInstant(overBefore)],
  );
}

/** Where the moments lie that a term counts from. */
const DATED: Readonly<Record<TermName['kind'], string>> = {
  consent: `select subject_id, at from permissions.consent where act = 'granted' and purpose = $1`,
  source: `select id as subject_id, acquired_at as at from permissions.subject where acquired_source = $1`,
};

interface Dated {
  readonly subjectId: string;
  readonly at: Instant;
}

/** The oldest (or the newest) of what a term counts from, from one moment up to another, at most `limit`. */
export async function datedBetween(
  tx: Queryable,
  { kind, name }: TermName,
  { from, to }: { readonly from: Instant | undefined; readonly to: Instant },
  { first, limit }: { readonly first: 'oldest' | 'newest'; readonly limit: number },
): Promise<Dated[]> {
  const rows = await tx.query<{ subject_id: string; at: Date }>(
    `select * from (${DATED[kind]}) d where d.at >= coalesce($2, '-infinity'::timestamptz) and d.at < $3
     order by d.at ${first === 'oldest' ? 'asc' : 'desc'} limit $4`,
    [name, from === undefined ? null : formatInstant(from), formatInstant(to), limit],
  );
  return rows.map((row) => ({ subjectId: row.subject_id, at: row.at.getTime() }));
}

/** Whoever has something of exactly this moment. */
export async function datedAt(
  tx: Queryable,
  { kind, name }: TermName,
  at: Instant,
): Promise<string[]> {
  const rows = await tx.query<{ subject_id: string }>(
    `select subject_id from (${DATED[kind]}) d where d.at = $2`,
    [name, formatInstant(at)],
  );
  return rows.map((row) => row.subject_id);
}
