import { isDeepStrictEqual } from 'node:util';
import { type Instant, KyokaError } from '@kyoka/kernel';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';
import { termsChanged } from './tables/audience-terms-table.js';
import { findRecipient, type Recipient, upsertRecipient } from './tables/recipient-table.js';
import { latestSwitchActs, lockSwitch } from './tables/switch-table.js';

/**
 * Registers a recipient, or renews what is known of it; it stays switched as it is. Its terms can be
 * changed only while it is off and nobody has asked for it: what two people agreed to would otherwise
 * be changed by one. A review alone may be renewed at any time.
 *
 * @param record keeps the act, in its transaction
 * @throws KyokaError `conflict` for other terms of a recipient that is on or asked for
 */
export async function registerRecipient(
  pool: Pool,
  recipient: Recipient,
  by: string,
  at: Instant,
  record?: (tx: Queryable) => Promise<void>,
): Promise<void> {
  const target = { target: 'recipient', id: recipient.id } as const;
  await inTransaction(pool, async (tx) => {
    await lockSwitch(tx, target);
    const known = await findRecipient(tx, recipient.id);
    const [last] = await latestSwitchActs(tx, target);
    const agreed = last !== undefined && last.act !== 'off';
    if (agreed && known !== undefined && !isDeepStrictEqual(terms(known), terms(recipient))) {
      throw new KyokaError('conflict', 'switch the recipient off before its terms change', {
        faults: [{ field: 'id', expected: 'a recipient that is off, for other terms' }],
      });
    }
    await upsertRecipient(tx, recipient, by, at);
    await termsChanged(tx, at, recipient.id);
    await record?.(tx);
  });
}

/** What two people agreed to: everything but the review, absent as absent. */
function terms({ reviewedAt: _reviewedAt, ...agreed }: Recipient): object {
  return Object.fromEntries(Object.entries(agreed).filter(([, value]) => value !== undefined));
}

/** What recipients are called where people read it, by id; one whose party isn't registered is left out. */
export async function recipientNames(db: Queryable): Promise<Map<string, string>> {
  const rows = await db.query<{ id: string; name: string }>(
    'select id, name from audiences.v_party where name is not null',
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
