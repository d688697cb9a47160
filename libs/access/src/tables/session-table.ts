import type { Scope } from '@kyoka/contracts';
import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

export type SignedInVia = 'provider' | 'link';

export interface StoredSession {
  readonly id: string;
  readonly owner: string;
  readonly roles: readonly string[];
  readonly scopes: readonly Scope[];
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  readonly seenAt: Instant;
}

/** The session of a digest, if it is neither over nor ended, and was used after `seenAfter`. */
export async function findSession(
  db: Queryable,
  hash: Buffer,
  { at, seenAfter }: { readonly at: Instant; readonly seenAfter: Instant },
): Promise<StoredSession | undefined> {
  const [row] = await db.query<{
    id: string;
    owner: string;
    roles: string[];
    scopes: Scope[];
    starts_at: Date;
    ends_at: Date;
    seen_at: Date;
  }>(
    `select id, owner, roles, scopes, starts_at, ends_at, seen_at from access.session
      where hash = $1 and $2 between starts_at and ends_at and ended_at is null and seen_at > $3`,
    [hash, formatInstant(at), formatInstant(seenAfter)],
  );
  return (
    row && {
      id: row.id,
      owner: row.owner,
      roles: row.roles,
      scopes: row.scopes,
      startsAt: row.starts_at.getTime(),
      endsAt: row.ends_at.getTime(),
      seenAt: row.seen_at.getTime(),
    }
  );
}

/** A session as people see it who may end it. */
export interface ListedSession {
  readonly id: string;
  readonly owner: string;
  readonly roles: readonly string[];
  readonly via: SignedInVia;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
  /** Within a minute. */
  readonly seenAt: Instant;
}

interface Standing {
  readonly at: Instant;
  readonly seenAfter: Instant;
}

/** The most that a list shows. */
const SHOWN = 200;

/** The sessions that are neither over nor ended nor idle, the newest first: everybody's, or those of `of`. */
export const listSessions = (
  db: Queryable,
  of: string | undefined,
  standing: Standing,
): Promise<ListedSession[]> => readStanding(db, standing, { of: of ?? null, id: null });

/** One of them by its id. */
export async function findStandingSession(
  db: Queryable,
  id: string,
  standing: Standing,
): Promise<ListedSession | undefined> {
  return (await readStanding(db, standing, { of: null, id }))[0];
}

async function readStanding(
  db: Queryable,
  { at, seenAfter }: Standing,
  { of, id }: { readonly of: string | null; readonly id: string | null },
): Promise<ListedSession[]> {
  const rows = await db.query<{
    id: string;
    owner: string;
    roles: string[];
    via: SignedInVia;
    starts_at: Date;
    ends_at: Date;
    seen_at: Date;
  }>(
    `select id, owner, roles, via, starts_at, ends_at, seen_at from access.session
      where $1 between starts_at and ends_at and ended_at is null and seen_at > $2
        and ($3::text is null or owner = $3) and ($4::uuid is null or id = $4)
      order by starts_at desc, id limit ${SHOWN}`,
    [formatInstant(at), formatInstant(seenAfter), of, id],
  );
  return rows.map((row) => ({
    id: row.id,
    owner: row.owner,
    roles: row.roles,
    via: row.via,
    startsAt: row.starts_at.getTime(),
    endsAt: row.ends_at.getTime(),
    seenAt: row.seen_at.getTime(),
  }));
}

export async function insertSession(
  tx: Queryable,
  session: Omit<StoredSession, 'seenAt'> & { readonly hash: Buffer; readonly via: SignedInVia },
): Promise<void> {
  await tx.query(
    `insert into access.session (id, hash, owner, roles, scopes, via, starts_at, ends_at, seen_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $7)`,
    [
      session.id,
      session.hash,
      session.owner,
      [...session.roles],
      [...session.scopes],
      session.via,
      formatInstant(session.startsAt),
      formatInstant(session.endsAt),
    ],
  );
}

/** Notes that a session was used, so that it doesn't end for being idle. */
export async function touchSession(db: Queryable, id: string, at: Instant): Promise<void> {
  await db.query('update access.session set seen_at = $2 where id = $1 and seen_at < $2', [
    id,
    formatInstant(at),
  ]);
}

/** Whether a session stands, and holds it there: its end waits, a note of its use doesn't. */
export async function holdSession(tx: Queryable, id: string): Promise<boolean> {
  const rows = await tx.query(
    'select from access.session where id = $1 and ended_at is null for key share',
    [id],
  );
  return rows.length > 0;
}

/** @returns whether it stood until now */
export async function endSession(tx: Queryable, id: string, at: Instant): Promise<boolean> {
  const rows = await tx.query(
    `update access.session set ended_at = $2
      where id in (select id from access.session where id = $1 and ended_at is null for update)
      returning id`,
    [id, formatInstant(at)],
  );
  return rows.length > 0;
}

/** Ends the sessions of an owner that have a role or a scope beyond these; with no scopes, all of them. */
export async function endSessionsBeyond(
  tx: Queryable,
  owner: string,
  {
    roles,
    scopes,
    at,
  }: { readonly roles: readonly string[]; readonly scopes: readonly Scope[]; readonly at: Instant },
): Promise<void> {
  await tx.query(
    `update access.session set ended_at = $4
      where id in (select id from access.session
                    where owner = $1 and ended_at is null 
                      and (not scopes <@ $2 or not roles <@ $3 or $2 = '{}')
                    order by id for update)`,
    [owner, [...scopes], [...roles], formatInstant(at)],
  );
}
