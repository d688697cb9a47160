import { randomBytes, randomUUID } from 'node:crypto';
import { type Clock, type Instant, KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import {
  endKeys,
  insertKey,
  insertPublisher,
  type KeyRow,
  lockKeys,
  lockPublisher,
  markRevoked,
  type PublisherGrant,
  type PublisherRow,
} from '../tables/publisher-table.js';
import { sealKey } from './sealed-key.js';

/** A key as it is handed over, this once. */
export interface HandedKey extends KeyRow {
  /** 32 bytes as base64url. */
  readonly key: string;
}

export interface Registered {
  readonly publisher: PublisherRow;
  readonly key: HandedKey;
}

interface Act {
  /** Who acts, for example `user:sato`. */
  readonly by: string;
  readonly clock: Clock;
}

/** Registers a publisher and makes its first key, in the caller's transaction. */
export async function registerPublisher(
  tx: Queryable,
  vault: Pick<Vault, 'sealSecret'>,
  grant: PublisherGrant,
  { by, clock }: Act,
): Promise<Registered> {
  const registeredAt = clock();
  const publisher = { id: randomUUID(), ...grant, registeredAt, registeredBy: by };
  await insertPublisher(tx, publisher);
  return { publisher, key: await makeKey(tx, vault, publisher, { by, at: registeredAt }) };
}

/**
 * Makes another key. Those before it end when the overlap does; at once without one.
 *
 * @param overlapUntil the last instant at which an event of an earlier key is taken; one that is past is none
 * @throws KyokaError `not_found`; `conflict` for a publisher that was revoked or has ended
 */
export async function rotatePublisher(
  tx: Queryable,
  vault: Pick<Vault, 'sealSecret'>,
  { id, overlapUntil }: { readonly id: string; readonly overlapUntil?: Instant | undefined },
  { by, clock }: Act,
): Promise<Registered> {
  const publisher = await found(tx, id);
  await lockKeys(tx, id);
  const at = clock();
  if (publisher.revokedAt !== undefined || publisher.validUntil < at) {
    throw new KyokaError('conflict', 'The publisher was revoked or has ended');
  }
  await endKeys(tx, id, overlapEnd(overlapUntil, at));
  return { publisher, key: await makeKey(tx, vault, publisher, { by, at }) };
}

/**
 * Ends every key of a publisher, from the moment at which the batches under way have committed.
 * Revoking again changes nothing and answers with who did.
 *
 * @throws KyokaError `not_found`
 */
export async function revokePublisher(
  tx: Queryable,
  { id, reason }: { readonly id: string; readonly reason: string },
  { by, clock }: Act,
): Promise<{ readonly publisher: PublisherRow; readonly changed: boolean }> {
  const publisher = await found(tx, id);
  if (publisher.revokedAt !== undefined) return { publisher, changed: false };
  await lockKeys(tx, id);
  const at = clock();
  await endKeys(tx, id, at);
  await markRevoked(tx, id, { at, by, reason });
  return {
    publisher: { ...publisher, revokedAt: at, revokedBy: by, revokeReason: reason },
    changed: true,
  };
}

/** When earlier keys end: never before now, since what was taken by then stays taken. */
export const overlapEnd = (overlapUntil: Instant | undefined, at: Instant): Instant =>
  overlapUntil === undefined ? at : Math.max(at, overlapUntil + 1);

async function found(tx: Queryable, id: string): Promise<PublisherRow> {
  const publisher = await lockPublisher(tx, id);
  if (publisher === undefined) throw new KyokaError('not_found', 'There is no such publisher');
  return publisher;
}

async function makeKey(
  tx: Queryable,
  vault: Pick<Vault, 'sealSecret'>,
  publisher: PublisherRow,
  { by, at }: { readonly by: string; readonly at: Instant },
): Promise<HandedKey> {
  const bytes = randomBytes(32);
  const key: HandedKey = {
    kid: `kp-${randomBytes(8).toString('hex')}`,
    key: bytes.toString('base64url'),
    publisherId: publisher.id,
    createdAt: at,
    createdBy: by,
    endsAt: publisher.validUntil + 1,
  };
  await insertKey(tx, key, sealKey(vault, bytes, key.kid, publisher));
  return key;
}
