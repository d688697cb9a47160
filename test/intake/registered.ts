import { type PublisherGrant, registerPublisher } from '@kyoka/intake';
import { inTransaction, type Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';

interface Where {
  readonly pool: Pool;
  readonly vault: Vault;
}

/** Registers a publisher, and gives its id and its key. */
export async function registered(
  { pool, vault }: Where,
  grant: PublisherGrant,
): Promise<{ id: string; kid: string; key: string }> {
  const act = { by: 'user:test', clock: Date.now };
  const made = await inTransaction(pool, (tx) => registerPublisher(tx, vault, grant, act));
  return { id: made.publisher.id, kid: made.key.kid, key: made.key.key };
}
