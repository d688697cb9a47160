import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** What a key may be used for. None of it ever changes; another grant is another publisher. */
export interface PublisherGrant {
  /** Who holds the key, for people to read. */
  readonly name: string;
  /** Values of `source` that its events may carry. */
  readonly sources: readonly string[];
  /** Event types that it may publish. */
  readonly types: readonly string[];
  /** The last instant at which an event of its keys is taken. */
  readonly validUntil: Instant;
}

export interface PublisherRow extends PublisherGrant {
  readonly id: string;
  readonly registeredAt: Instant;
  readonly registeredBy: string;
  readonly revokedAt?: Instant;
  readonly revokedBy?: string;
  readonly revokeReason?: string;
}

export interface KeyRow {
  readonly kid: string;
  readonly publisherId: string;
  readonly createdAt: Instant;
  readonly createdBy: string;
  /** The first instant at which its events are no longer taken. */
  readonly endsAt: Instant;
}

interface Stored {
  id: string;
  name: string;
  sources: string[];
  types: string[];
  valid_until: Date;
  registered_at: Date;
  registered_by: string;
  revoked_at: Date | null;
  revoked_by: string | null;
  revoke_reason: string | null;
}

const COLUMNS =
  'id, name, sources, types, valid_until, registered_at, registered_by, revoked_at, revoked_by, revoke_reason';

const rowOf = (row: Stored): PublisherRow => ({
  id: row.id,
  name: row.name,
  sources: row.sources,
  types: row.types,
  validUntil: row.valid_until.getTime(),
  registeredAt: row.registered_at.getTime(),
  registeredBy: row.registered_by,
  ...(row.revoked_at && { revokedAt: row.revoked_at.getTime() }),
  ...(row.revoked_by !== null && { revokedBy: row.revoked_by }),
  ...(row.revoke_reason !== null && { revokeReason: row.revoke_reason }),
});

/** @returns whether it was not there yet */
export async function insertPublisher(tx: Queryable, row: PublisherRow): Promise<boolean> {
  const inserted = await tx.query(
    `insert into intake.publisher (${COLUMNS})
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing returning id`,
    [
      row.id,
      row.name,
      row.sources,
      row.types,
      formatInstant(row.validUntil),
      formatInstant(row.registeredAt),
      row.registeredBy,
      row.revokedAt === undefined ? null : formatInstant(row.revokedAt),
      row.revokedBy ?? null,
      row.revokeReason ?? null,
    ],
  );
  return inserted.length > 0;
}

export async function insertKey(tx: Queryable, row: KeyRow, sealed: Buffer): Promise<void> {
  await tx.query(
    `insert into intake.publisher_key (kid, publisher_id, sealed, created_at, created_by, ends_at)
     values ($1, $2, $3, $4, $5, $6)`,
    [
      row.kid,
      row.publisherId,
      sealed,
      formatInstant(row.createdAt),
      row.createdBy,
      formatInstant(row.endsAt),
    ],
  );
}

/** Locked until the transaction ends, so that its keys are made and ended one act after another. */
export async function lockPublisher(tx: Queryable, id: string): Promise<PublisherRow | undefined> {
  const [row] = await tx.query<Stored>(
    `select ${COLUMNS} from intake.publisher where id = $1 for update`,
    [id],
  );
  return row && rowOf(row);
}

/**
 * Locks a publisher's keys, in their order. Waits for the batches under way that hold an event of
 * one; what comes after sees what this transaction makes of them.
 */
export async function lockKeys(tx: Queryable, publisherId: string): Promise<void> {
  await tx.query(
    'select from intake.publisher_key where publisher_id = $1 order by kid for update',
    [publisherId],
  );
}

/** Ends keys that would end later. */
export async function endKeys(tx: Queryable, publisherId: string, at: Instant): Promise<void> {
  await tx.query(
    'update intake.publisher_key set ends_at = $2 where publisher_id = $1 and ends_at > $2',
    [publisherId, formatInstant(at)],
  );
}

export async function markRevoked(
  tx: Queryable,
  id: string,
  { at, by, reason }: { readonly at: Instant; readonly by: string; readonly reason: string },
): Promise<void> {
  await tx.query(
    'update intake.publisher set revoked_at = $2, revoked_by = $3, revoke_reason = $4 where id = $1',
    [id, formatInstant(at), by, reason],
  );
}

/**
 * When each of these keys ends. Their rows stay locked against an end until the transaction is over:
 * a key that is ended meanwhile waits for it, so its events are all before or all after.
 */
export async function endsOfKeys(
  tx: Queryable,
  kids: readonly string[],
): Promise<Map<string, Instant>> {
  if (kids.length === 0) return new Map();
  const rows = await tx.query<{ kid: string; ends_at: Date }>(
    'select kid, ends_at from intake.publisher_key where kid = any ($1) order by kid for share',
    [kids],
  );
  return new Map(rows.map((row) => [row.kid, row.ends_at.getTime()]));
}

export interface SealedKey extends PublisherRow {
  readonly kid: string;
  readonly sealed: Buffer;
}

export async function sealedKeys(db: Queryable, kids: readonly string[]): Promise<SealedKey[]> {
  const rows = await db.query<Stored & { kid: string; sealed: Buffer }>(
    `select kid, sealed, ${COLUMNS} from intake.publisher_key k
     join intake.publisher p on p.id = k.publisher_id where kid = any ($1)`,
    [kids],
  );
  return rows.map((row) => ({ ...rowOf(row), kid: row.kid, sealed: row.sealed }));
}

interface StoredKey {
  kid: string;
  publisher_id: string;
  created_at: Date;
  created_by: string;
  ends_at: Date;
}

const KEY_COLUMNS = 'kid, publisher_id, created_at, created_by, ends_at';

const keyOf = (row: StoredKey): KeyRow => ({
  kid: row.kid,
  publisherId: row.publisher_id,
  createdAt: row.created_at.getTime(),
  createdBy: row.created_by,
  endsAt: row.ends_at.getTime(),
});

/** The keys of a publisher in the order in which they were made. */
export async function keysOf(db: Queryable, publisherId: string): Promise<KeyRow[]> {
  const rows = await db.query<StoredKey>(
    `select ${KEY_COLUMNS} from intake.publisher_key where publisher_id = $1 order by created_at, kid`,
    [publisherId],
  );
  return rows.map(keyOf);
}

/** Every publisher with its keys, in the order of registration. */
export async function publisherRows(
  db: Queryable,
): Promise<{ readonly publisher: PublisherRow; readonly keys: readonly KeyRow[] }[]> {
  const publishers = await db.query<Stored>(
    `select ${COLUMNS} from intake.publisher order by registered_at, id`,
  );
  const keys = await db.query<StoredKey>(
    `select ${KEY_COLUMNS} from intake.publisher_key order by created_at, kid`,
  );
  const byPublisher = Map.groupBy(keys.map(keyOf), (key) => key.publisherId);
  return publishers.map((row) => ({
    publisher: rowOf(row),
    keys: byPublisher.get(row.id) ?? [],
  }));
}
