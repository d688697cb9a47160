import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { stamp } from '../words.js';

/** Who a recipient is, as a record of provision has to name it (APPI art. 29). */
type RecipientParty = Readonly<Record<'name' | 'address' | 'representative', string>>;

/** What is known of a party that data goes to; absent means not known. */
export interface Recipient {
  readonly id: string;
  /** The ad network that the recipient is reached through. */
  readonly network?: string | undefined;
  readonly kind: 'ad_network' | 'processor' | 'financial_institution' | 'joint_user' | 'other';
  readonly basis?: 'consent' | 'processor' | 'joint_use' | 'opt_out_filed' | undefined;
  readonly contractRef?: string | undefined;
  readonly useLimitRef?: string | undefined;
  readonly items: readonly string[];
  readonly filing?: string | undefined;
  /** `YYYY-MM-DD`. */
  readonly reviewedAt?: string | undefined;
  readonly country?: string | undefined;
  readonly foreignBasis?: string | undefined;
  readonly party?: RecipientParty | undefined;
}

/** Registers a recipient, or renews what is known of it. What switches it on stays as it is. */
export async function upsertRecipient(
  db: Queryable,
  recipient: Recipient,
  by: string,
  at: Instant,
): Promise<void> {
  await db.query(
    `insert into audiences.recipient (id, network, kind, basis, contract_ref, use_limit_ref, items, filing, reviewed_at,
       country, foreign_basis, party, registered_by, registered_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
     on conflict (id) do update set network = excluded.network, kind = excluded.kind, basis = excluded.basis,
       contract_ref = excluded.contract_ref, use_limit_ref = excluded.use_limit_ref, items = excluded.items,
       filing = excluded.filing, reviewed_at = excluded.reviewed_at, country = excluded.country,
       foreign_basis = excluded.foreign_basis, party = excluded.party, registered_by = excluded.registered_by,
       registered_at = excluded.registered_at`,
    [
      recipient.id,
      recipient.network ?? null,
      recipient.kind,
      recipient.basis ?? null,
      recipient.contractRef ?? null,
      recipient.useLimitRef ?? null,
      [...recipient.items],
      recipient.filing ?? null,
      recipient.reviewedAt ?? null,
      recipient.country ?? null,
      recipient.foreignBasis ?? null,
      recipient.party === undefined ? null : JSON.stringify(recipient.party),
      by,
      stamp(at),
    ],
  );
}

export async function recipientExists(db: Queryable, id: string): Promise<boolean> {
  const rows = await db.query('select id from audiences.recipient where id = $1', [id]);
  return rows.length > 0;
}

/** Whether two people switched the recipient on for this address and account. */
export async function isSwitchedOnFor(
  db: Queryable,
  id: string,
  destination: string,
): Promise<boolean> {
  const rows = await db.query(
    'select id from audiences.v_recipient where id = $1 and switched_on and bound_to = $2',
    [id, destination],
  );
  return rows.length > 0;
}

export async function findRecipient(db: Queryable, id: string): Promise<Recipient | undefined> {
  const [row] = await db.query<Pick<Recipient, 'kind' | 'items'> & Record<string, unknown>>(
    `select id, network, kind, basis, contract_ref as "contractRef", use_limit_ref as "useLimitRef", items, filing,
       reviewed_at::text as "reviewedAt", country, foreign_basis as "foreignBasis", party
     from audiences.recipient where id = $1`,
    [id],
  );
  if (row === undefined) return undefined;
  const { kind, items, ...rest } = row;
  const known = Object.entries(rest).filter(([, value]) => value !== null);
  return { ...(Object.fromEntries(known) as Omit<Recipient, 'kind' | 'items'>), kind, items };
}
