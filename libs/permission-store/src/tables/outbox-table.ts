import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { traceHeaders } from '@kyoka/telemetry';

export interface OutboxMessage {
  readonly topic: string;
  /** Messages of one key reach the topic in the order of their transactions. */
  readonly key: string;
  readonly type: string;
  /** Never a contact value. `null`: a tombstone of the key. */
  readonly payload: Json;
}

/** Adds messages that the relay will publish once the transaction has committed. */
export async function appendOutbox(
  tx: Queryable,
  messages: readonly OutboxMessage[],
): Promise<void> {
  if (messages.length === 0) return;
  await tx.query(
    `insert into permissions.outbox (topic, key, type, payload, headers)
     select *, $5::jsonb from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])`,
    [
      messages.map((message) => message.topic),
      messages.map((message) => message.key),
      messages.map((message) => message.type),
      messages.map((message) => JSON.stringify(message.payload)),
      JSON.stringify(traceHeaders()),
    ],
  );
}
