import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { instantOf, stamp } from '../words.js';
import { type Audience, audienceFrom, type Row, SELECT } from './audience-table.js';

/** Audiences whose terms time alone may have changed by `now`, at most `limit`, each with its due date. */
export async function audiencesWithTermsDue(
  db: Queryable,
  now: Instant,
  { limit, except }: { readonly limit: number; readonly except: readonly string[] },
): Promise<{ readonly audience: Audience; readonly dueAt: Instant }[]> {
  const rows = await db.query<Row & { terms_due_at: Date }>(
    `${SELECT} where a.ended_at is null and a.terms_due_at <= $1 and a.id <> all ($3::uuid[])
     order by a.terms_due_at limit $2`,
    [stamp(now), limit, except],
  );
  return rows.map((row) => ({ audience: audienceFrom(row), dueAt: row.terms_due_at.getTime() }));
}

/**
 * Keeps when time alone may next change the terms of an audience; `undefined`: it changes nothing.
 * Another due date than `seen` stays: the terms have changed again meanwhile.
 */
export async function setTermsDue(
  tx: Queryable,
  id: string,
  { seen, next }: { readonly seen: Instant; readonly next: Instant | undefined },
): Promise<void> {
  await tx.query(
    'update audiences.audience set terms_due_at = $3 where id = $1 and terms_due_at = $2',
    [id, stamp(seen), stamp(next)],
  );
}

/** The terms of these audiences may have changed otherwise: those of one recipient, or of all. */
export async function termsChanged(
  db: Queryable,
  at: Instant,
  recipientId?: string,
): Promise<void> {
  await db.query(
    `update audiences.audience set terms_due_at = $1
     where id in (select id from audiences.audience
       where ended_at is null and ($2::text is null or recipient_id = $2) order by id for no key update)`,
    [stamp(at), recipientId ?? null],
  );
}

/** When time alone may next change the terms of an audience, or end one. */
export async function nextAudienceDue(db: Queryable): Promise<Instant | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select least(
       (select min(terms_due_at) from audiences.audience where ended_at is null),
       (select min(ends_at) + interval '1 millisecond' from audiences.audience where ended_at is null)) as at`,
  );
  return instantOf(row?.at ?? null);
}
