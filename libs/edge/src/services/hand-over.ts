import type { HandOverAnswer } from '@kyoka/contracts';
import { isKyokaError } from '@kyoka/kernel';
import { disclosedContacts, disclosedOrders } from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';

type Opening = Pick<Vault, 'open' | 'refresh'>;

/** What leaves, and what is kept of it: kinds, tokens and a count. */
export interface HandedOver {
  readonly values: Pick<HandOverAnswer, 'contacts' | 'orders'>;
  readonly kept: { readonly contacts: readonly string[]; readonly orders: number };
}

/**
 * Opens the items of a case in memory. Nothing is recorded of a case whose values can't be opened.
 *
 * @throws KyokaError `seal_broken` or `key_missing`
 */
export async function openItems(
  tx: Queryable,
  vault: Opening,
  subjectId: string,
  items: readonly string[],
): Promise<HandedOver> {
  const sealed = await disclosedContacts(tx, subjectId, items);
  const open = () =>
    sealed.map((one) => ({
      kind: one.kind,
      value: vault.open(one.sealed, { subject: subjectId, field: one.kind }),
    }));
  const orders = items.includes('orders') ? await disclosedOrders(tx, subjectId) : [];
  return {
    values: {
      contacts: await withNewestKeys(vault, open),
      orders: orders.map((order) => ({ ...order, items: [...order.items] })),
    },
    kept: {
      contacts: sealed.map(({ kind, token }) => `${kind}:${token.toString('base64url')}`),
      orders: orders.length,
    },
  };
}

/** Another process may have made the key since this one read them. */
async function withNewestKeys<T>(vault: Opening, open: () => T): Promise<T> {
  try {
    return open();
  } catch (fault) {
    if (!isKyokaError(fault) || fault.code !== 'key_missing') throw fault;
    await vault.refresh();
    return open();
  }
}
