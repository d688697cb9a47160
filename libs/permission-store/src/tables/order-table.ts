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
  /** Key of the event that says so. */
  readonly event: string;
}

/**
 * Keeps the lines of orders. Of several events about one order the latest counts, at the same moment
 * the one with the greater key, in whatever order they come; the lines of the others are gone, also
 * those that the latest no longer has.
 */
export async function mergeOrderLines(
  tx: Queryable,
  lines: readonly OrderLineWrite[],
): Promise<void> {
  if (lines.length === 0) return;
  const latest = latestOfEach(lines);
  const heads = [...latest.values()].map(([first]) => first as OrderLineWrite);
  // Whoever writes the same order meanwhile waits here, whether this version counts or not.
  const won = await tx.query<{ source: string; order_ref: string }>(
    `insert into permissions.order_version as v (source, order_ref, event_at, event)
     select * from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[])
     order by 1, 2
     on conflict (source, order_ref) do update set event_at = excluded.event_at, event = excluded.event
     where (excluded.event_at, excluded.event collate "C") > (v.event_at, v.event)
     returning source, order_ref`,
    [
      heads.map((head) => head.source),
      heads.map((head) => head.orderRef),
      heads.map((head) => formatInstant(head.eventAt)),
      heads.map((head) => head.event),
    ],
  );
  await tx.query(
    `delete from permissions.order_line
     where (source, order_ref) in (select * from unnest($1::text[], $2::text[]))`,
    [won.map((order) => order.source), won.map((order) => order.order_ref)],
  );
  const rows = won.flatMap(
    ({ source, order_ref: orderRef }) => latest.get(orderKey({ source, orderRef })) ?? [],
  );
  await tx.query(
    `insert into permissions.order_line
       (subject_id, source, order_ref, line, sku, category, quantity, yen, ordered_at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::text[], $6::text[], $7::integer[],
       $8::bigint[], $9::timestamptz[])`,
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
    ],
  );
}

const orderKey = (order: { source: string; orderRef: string }): string =>
  `${order.source}\u0000${order.orderRef}`;

/** The lines of each order's latest event among these. */
function latestOfEach(lines: readonly OrderLineWrite[]): Map<string, OrderLineWrite[]> {
  const latest = new Map<string, OrderLineWrite[]>();
  for (const version of Map.groupBy(
    lines,
    (line) => `${orderKey(line)}\u0000${line.event}`,
  ).values()) {
    const [first] = version as [OrderLineWrite];
    const kept = latest.get(orderKey(first))?.[0];
    if (kept === undefined || isLater(first, kept)) latest.set(orderKey(first), version);
  }
  return latest;
}

const isLater = (one: OrderLineWrite, other: OrderLineWrite): boolean =>
  one.eventAt === other.eventAt
    ? Buffer.compare(Buffer.from(one.event), Buffer.from(other.event)) > 0
    : one.eventAt > other.eventAt;

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
