import { formatInstant } from '@kyoka/kernel';
import type { OutboundRecord } from './records.js';

/** A row of an outbox as it is read. */
export interface OutboxRow {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly type: string;
  /** CloudEvents attributes as `ce_...` headers, where the writer wants others than the defaults, and the trace it was written in. */
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text; `null` is a tombstone. */
  readonly payload: string;
  readonly created_at: Date;
}

/** Digits of the largest 64-bit number, so that sequences compare as numbers and as text. */
const SEQUENCE_DIGITS = 19;

/**
 * The row as a CloudEvent 1.0 in Kafka's binary mode (CloudEvents Kafka binding §3.2). Its id is the
 * same however often the row is sent, and another one for a row that gets the same number after the
 * database was restored from a backup. `ce_sequence` (CloudEvents sequence extension) rises with the
 * changes of a key: a reader drops a record with a lower one than it has seen of the same key.
 */
export function toRecord(row: OutboxRow, schema: string): OutboundRecord {
  const at = row.created_at.getTime();
  return {
    key: row.key,
    value: row.payload === 'null' ? null : row.payload,
    headers: {
      ce_specversion: '1.0',
      ce_id: `${row.id}-${at}`,
      ce_source: `/kyoka/${schema}`,
      ce_type: row.type,
      ce_time: formatInstant(at),
      ce_sequence: row.id.padStart(SEQUENCE_DIGITS, '0'),
      'content-type': 'application/json',
      ...row.headers,
    },
  };
}
