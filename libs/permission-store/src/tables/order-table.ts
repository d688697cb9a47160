import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

export interface OrderLineWrite {
  readonly subjectId: string;
  readonly source: string;
  readonly orderRef: string;
  readonly line: number;
  readonly sku: string;
  readonly category: string;
  readonly quantity: number;
  readonly yen: number;
  readonly orderedAt: Instant;
  readonly eventAt: Instant;
}

/** Adds the lines of orders. An order that comes again under another event id keeps its latest event's lines. */
export async function mergeOrderLines(
  tx: Queryable,
  lines: readonly OrderLineWrite[],
): Promise<void> {
  const latest = new Map<string, OrderLineWrite>();
  for (const line of lines) {
    const key = `${line.source}\u0000${line.orderRef}\u0000${line.line}`;
    const kept = latest.get(key);
    if (!kept || line.eventAt >= kept.eventAt) latest.set(key, line);
  }
  const rows = [...latest.values()];
  if (rows.length === 0) return;
  await tx.query(
    `insert into permissions.order_line as o
       (subject_id, source, order_ref, line, sku, category, quantity, yen, ordered_at, event_at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::integer[],
       $8::bigint[], $9::timestamptz[], $10::timestamptz[])
     order by 2, 3, 4
     on conflict (source, order_ref, line) do update set
       subject_id = excluded.subject_id, sku = excluded.sku, category = excluded.category,
       quantity = excluded.quantity, yen = excluded.yen, ordered_at = excluded.ordered_at, event_at = excluded.event_at
     where excluded.event_at > o.event_at`,
    [
      rows.map((row) => row.subjectId),
      rows.map((row) => row.source),
      rows.map((row) => row.orderRef),
      rows.map((row) => row.line),
      rows.map((row) => row.sku),
      rows.map((row) => row.category),
      rows.map((row) => row.quantity),
      rows.map((row) => row.yen),
      rows.map((row) => formatInstant(row.orderedAt)),
      rows.map((row) => formatInstant(row.eventAt)),
    ],
  );
}

/** Marks orders as cancelled, also ones that haven't arrived yet. */
export async function mergeCancellations(
  tx: Queryable,
  orders: readonly { source: string; orderRef: string; at: Instant }[],
): Promise<void> {
  if (orders.length === 0) return;
  await tx.query(
    `insert into permissions.order_cancellation (source, order_ref, cancelled_at)
     select distinct on (source, order_ref) source, order_ref, at
     from unnest($1::text[], $2::text[], $3::timestamptz[]) as n (source, order_ref, at)
     order by source, order_ref, at
     on conflict (source, order_ref) do nothing`,
    [
      orders.map((order) => order.source),
      orders.map((order) => order.orderRef),
      orders.map((order) => formatInstant(order.at)),
    ],
  );
}
