import { advisoryLock, type Queryable } from '@kyoka/postgres';

/** The key of the advisory lock between who seals and who changes the bucket keys ("seal" in ASCII). */
const SEALING = 0x73_65_61_6cn;

/** The keys of a process, as the vault holds them. */
interface HeldKeys {
  /** Takes over what other processes changed, if this generation wasn't seen yet. */
  refresh(generation?: string): Promise<void>;
}

/**
 * Takes the right to seal until the transaction ends, with the bucket keys as they are now: nobody
 * seals under an older key once its rows are being sealed again. Taken after subjects and contact
 * points are locked; whoever holds the other side waits for nothing.
 */
export async function takeSealing(tx: Queryable, keys: HeldKeys): Promise<void> {
  await advisoryLock(tx, SEALING, 'shared');
  const [row] = await tx.query<{ generation: string }>(
    'select generation::text from permissions.vault',
  );
  await keys.refresh(row?.generation);
}

/**
 * Waits for everybody who seals and makes those after them read the keys again. The transaction
 * must hold no other lock.
 */
export async function renewSealing(tx: Queryable): Promise<void> {
  await advisoryLock(tx, SEALING, 'exclusive');
  await tx.query('update permissions.vault set generation = generation + 1');
}
