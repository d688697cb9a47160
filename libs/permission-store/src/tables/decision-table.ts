import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { appendBlock } from './block-table.js';

/** A recorded decision: enough to explain itself later. */
export interface DecisionRecord {
  readonly id: string;
  readonly subjectId: string | null;
  readonly body: Readonly<Record<string, Json | undefined>>;
}

export const DECISION_CHAIN = 'decision';

export const decisionContent = (record: DecisionRecord, decidedAt: Instant): Json => ({
  id: record.id,
  subject: record.subjectId,
  decidedAt,
  body: record.body,
});

/** Adds decisions that somebody will act on as one block of their chain (design: no release without a stored decision). */
export async function appendDecisions(
  tx: Queryable,
  records: readonly DecisionRecord[],
  decidedAt: Instant,
): Promise<void> {
  if (records.length === 0) return;
  const contents = records.map((record) => decisionContent(record, decidedAt));
  const block = await appendBlock(tx, DECISION_CHAIN, contents, decidedAt);
  await tx.query(
    `insert into permissions.decision (id, chain, block, index, subject_id, decided_at, body)
     select n.id, $1, $2, n.index, n.subject_id, $3, n.body
     from unnest($4::uuid[], $5::integer[], $6::uuid[], $7::jsonb[]) as n (id, index, subject_id, body)`,
    [
      DECISION_CHAIN,
      block,
      formatInstant(decidedAt),
      records.map((record) => record.id),
      records.map((_, index) => index),
      records.map((record) => record.subjectId),
      records.map((record) => JSON.stringify(record.body)),
    ],
  );
}
