import type { RecipientFacts } from '@kyoka/decision';
import { tokyoDayBounds } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { ProvisionBasis, RecipientKind } from '@kyoka/policy';

/** Where a network's lists are as configured now: its address and the account there. */
export type AddressOf = (network: string | null) => string | undefined;

/**
 * The register's entry of a recipient, as the decision reads it; `undefined` for an unknown one. It
 * is enabled when two people switched it on and the address and account they switched it on for are the ones in use.
 */
export async function loadRecipient(
  tx: Queryable,
  id: string,
  addressOf: AddressOf,
): Promise<RecipientFacts | undefined> {
  const [row] = await tx.query<{
    id: string;
    network: string | null;
    kind: RecipientKind;
    basis: ProvisionBasis | null;
    contract_ref: string | null;
    use_limit_ref: string | null;
    items: string[];
    filing: string | null;
    reviewed_on: string | null;
    country: string | null;
    foreign_basis: string | null;
    switched_on: boolean;
    bound_to: string | null;
  }>('select *, reviewed_at::text as reviewed_on from audiences.v_recipient where id = $1', [id]);
  if (row === undefined) return undefined;
  const known = <T>(name: string, value: T | null): Record<string, T> =>
    value === null ? {} : { [name]: value };
  return {
    id: row.id,
    kind: row.kind,
    items: row.items,
    enabled: row.switched_on && (row.network === null || row.bound_to === addressOf(row.network)),
    ...known('basis', row.basis),
    ...known('contractRef', row.contract_ref),
    ...known('useLimitRef', row.use_limit_ref),
    ...known('filing', row.filing),
    ...known('reviewedAt', tokyoDayBounds(row.reviewed_on ?? '')?.first ?? null),
    ...known('country', row.country),
    ...known('foreignBasis', row.foreign_basis),
  };
}
