import type { Queryable } from '@kyoka/postgres';

/** Transactions from `from` on and before `to`, all of which have ended. */
export interface ContactWindow {
  readonly from: string;
  readonly to: string;
}

/** What hasn't been looked at yet; `undefined` if there is nothing, or another worker looks at it. */
export async function contactWindow(tx: Queryable): Promise<ContactWindow | undefined> {
  const [row] = await tx.query<ContactWindow>(
    `select tx::text as "from", pg_snapshot_xmin(pg_current_snapshot())::text as "to"
     from audiences.contact_cursor for update skip locked`,
  );
  return row !== undefined && BigInt(row.from) < BigInt(row.to) ? row : undefined;
}

export async function endContactWindow(tx: Queryable, { to }: ContactWindow): Promise<void> {
  await tx.query('update audiences.contact_cursor set tx = $1::xid8', [to]);
}

/** Subjects with live members that have a contact point, folded, which came in within the window. */
export async function tiedMembers(tx: Queryable, window: ContactWindow): Promise<string[]> {
  const rows = await tx.query<{ subject_id: string }>(
    `select distinct m.subject_id
     from permissions.v_contact_point n
     join permissions.v_contact_point c on c.fold = n.fold and c.class <> 'invalid'
     join audiences.member m on m.subject_id = c.subject_id
       and m.state in ('wanted', 'sending', 'processing', 'held')
     where n.tx >= $1::xid8 and n.tx < $2::xid8 and n.class <> 'invalid'`,
    [window.from, window.to],
  );
  return rows.map((row) => row.subject_id);
}
