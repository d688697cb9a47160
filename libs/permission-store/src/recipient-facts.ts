import type { RecipientFacts } from '@kyoka/decision';
import { formatInstant, type Instant, tokyoDayBounds } from '@kyoka/kernel';
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
  const [row] = await tx.query<RecipientRow>(
    'select *, reviewed_at::text as reviewed_on from audiences.v_recipient where id = $1',
    [id],
  );
  return row && recipientFrom(row, addressOf);
}

/**
 * The register's entry as it stood at a moment, switched as it was then. Which address was configured
 * then isn't kept: where it is another by now, whether the switch held for it isn't known. Of an entry
 * that was renewed before its versions were kept nothing but its id is known.
 */
export async function loadRecipientAt(
  tx: Queryable,
  id: string,
  addressOf: AddressOf,
  at: Instant,
): Promise<RecipientFacts | undefined> {
  const [row] = await tx.query<RecipientRow>(
    `select v.*, v.reviewed_at::text as reviewed_on, s.act is not distinct from 'approved' as switched_on,
       s.destination as bound_to
     from audiences.v_recipient_version v
     left join lateral (
       select act, destination from audiences.v_switch_act
       where target = 'recipient' and target_id = v.id and at <= $2 order by seq desc limit 1
     ) s on true
     where v.id = $1 and v.at <= $2 order by v.seq desc limit 1`,
    [id, formatInstant(at)],
  );
  if (row !== undefined) return recipientFrom(row, addressOf);
  const [later] = await tx.query(
    'select from audiences.v_recipient_version where id = $1 and earlier_unknown',
    [id],
  );
  return later && { id };
}

interface RecipientRow {
  readonly id: string;
  readonly network: string | null;
  readonly kind: RecipientKind;
  readonly basis: ProvisionBasis | null;
  readonly contract_ref: string | null;
  readonly use_limit_ref: string | null;
  readonly items: string[];
  readonly filing: string | null;
  readonly reviewed_on: string | null;
  readonly country: string | null;
  readonly foreign_basis: string | null;
  readonly switched_on: boolean;
  readonly bound_to: string | null;
}

function recipientFrom(row: RecipientRow, addressOf: AddressOf): RecipientFacts {
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
