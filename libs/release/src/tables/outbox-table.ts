import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { traceHeaders } from '@kyoka/telemetry';

/** A message to other services; holds subject ids, never a contact value. */
export interface Message {
  readonly topic: string;
  /** The subject's id: messages of one key keep their order. */
  readonly key: string;
  readonly type: string;
  readonly payload: Json;
}

export async function insertMessages(tx: Queryable, messages: readonly Message[]): Promise<void> {
  if (messages.length === 0) return;
  await tx.query(
    `insert into audiences.outbox (topic, key, type, payload, headers)
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
