import { formatInstant } from '@kyoka/kernel';
import type { ContactKind } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { forgottenAmong } from './tables/erasure-table.js';

/** Whom a case of exceptional disclosure is about. */
export interface DisclosureSubject {
  /** The version under which the data was acquired, `null` if that is not known. */
  readonly acquiredUnder: string | null;
  /** Every source that the subject or a contact point of it is from. */
  readonly sources: readonly string[];
}

/** A subject, with its row locked against an erasure until the transaction ends; `undefined` for one that is not known or was erased. */
export async function disclosureSubject(
  tx: Queryable,
  id: string,
): Promise<DisclosureSubject | undefined> {
  const [row] = await tx.query<{
    source: string;
    acquired_source: string | null;
    policy_version: string | null;
  }>(
    'select source, acquired_source, policy_version from permissions.subject where id = $1 for share',
    [id],
  );
  if (row === undefined || (await forgottenAmong(tx, [id])).has(id)) return undefined;
  const supplied = await tx.query<{ source: string }>(
    `select distinct s as source from permissions.contact_point c cross join unnest(c.sources) s
     where c.subject_id = $1`,
    [id],
  );
  const sources = [row.source, row.acquired_source, ...supplied.map(({ source }) => source)];
  return {
    acquiredUnder: row.policy_version,
    sources: [...new Set(sources.filter((source) => source !== null))],
  };
}

/** A contact point that somebody supplied for use; what only came with a stop is no data to hand on. */
interface DisclosedContact {
  readonly kind: ContactKind;
  readonly token: Buffer;
  readonly sealed: Buffer;
}

/** The sealed contact points of these kinds, in the order of kind and token. */
export const disclosedContacts = (
  tx: Queryable,
  subjectId: string,
  kinds: readonly string[],
): Promise<DisclosedContact[]> =>
  tx.query<DisclosedContact>(
    `select kind, token, sealed from permissions.contact_point
     where subject_id = $1 and kind = any ($2::text[]) and sources <> '{}' and sealed <> ''
     order by kind, token`,
    [subjectId, kinds],
  );

/** An order that stands, with its lines. Amounts in yen. */
export interface DisclosedOrder {
  readonly source: string;
  readonly ref: string;
  readonly at: string;
  readonly items: readonly {
    readonly sku: string;
    readonly category: string;
    readonly quantity: number;
    readonly yen: number;
  }[];
}

/** The orders of a subject, oldest first. */
export async function disclosedOrders(tx: Queryable, subjectId: string): Promise<DisclosedOrder[]> {
  const rows = await tx.query<{
    source: string;
    ref: string;
    at: Date;
    items: DisclosedOrder['items'];
  }>(
    `select source, order_ref as ref, min(ordered_at) as at,
       jsonb_agg(jsonb_build_object('sku', sku, 'category', category, 'quantity', quantity, 'yen', yen)
         order by sku, quantity, yen) as items
     from permissions.v_order_line where subject_id = $1
     group by source, order_ref order by at, source, ref`,
    [subjectId],
  );
  return rows.map(({ at, ...order }) => ({ ...order, at: formatInstant(at.getTime()) }));
}
