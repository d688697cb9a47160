import { hash, randomUUID } from 'node:crypto';
import { emptyHead, sealBlock } from '@kyoka/chain';
import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** The chain of release records. */
export const RELEASE_CHAIN = 'release';

/** One person's data leaving in one attempt. */
export interface NewRelease {
  readonly subjectId: string;
  readonly attemptId: string;
  readonly body: Readonly<Record<string, Json>>;
}

/** What the chain seals of a release. */
export const releaseContent = (
  release: NewRelease & { readonly id: string },
  decidedAt: Instant,
): Json => ({
  id: release.id,
  subject: release.subjectId,
  attempt: release.attemptId,
  decidedAt,
  body: release.body,
});

const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/**
 * Appends releases as the next block of their chain. Holds the chain's head until the transaction
 * ends; only the barrier is locked after it.
 *
 * @returns the releases' ids, in order
 */
export async function appendReleases(
  tx: Queryable,
  releases: readonly NewRelease[],
  decidedAt: Instant,
): Promise<string[]> {
  const rows = releases.map((release) => ({ ...release, id: randomUUID() }));
  const contents = rows.map((row) => releaseContent(row, decidedAt));
  const block = await appendBlock(tx, contents, decidedAt);
  await tx.query(
    `insert into audiences.release (id, chain, block, index, subject_id, attempt_id, decided_at, body)
     select r.id, $1, $2, r.index, r.subject_id, r.attempt_id, $3, r.body
     from unnest($4::uuid[], $5::integer[], $6::uuid[], $7::uuid[], $8::jsonb[]) as r (id, index, subject_id, attempt_id, body)`,
    [
      RELEASE_CHAIN,
      block,
      formatInstant(decidedAt),
      rows.map((row) => row.id),
      rows.map((_, index) => index),
      rows.map((row) => row.subjectId),
      rows.map((row) => row.attemptId),
      rows.map((row) => JSON.stringify(row.body)),
    ],
  );
  return rows.map((row) => row.id);
}

async function appendBlock(tx: Queryable, entries: readonly Json[], at: Instant): Promise<number> {
  await tx.query(
    `insert into audiences.chain_head (chain, number, hash) values ($1, 0, decode($2, 'hex'))
     on conflict (chain) do nothing`,
    [RELEASE_CHAIN, emptyHead(RELEASE_CHAIN).hash],
  );
  const [head] = await tx.query<{ number: string; hash: Buffer }>(
    'select number, hash from audiences.chain_head where chain = $1 for update',
    [RELEASE_CHAIN],
  );
  const { number, hash: last } = head as { number: string; hash: Buffer };
  const before = { chain: RELEASE_CHAIN, number: Number(number), hash: last.toString('hex') };
  const block = sealBlock(sha256Hex, before, entries, at);
  await tx.query(
    `insert into audiences.block (chain, number, prev, hash, entries, at)
     values ($1, $2, decode($3, 'hex'), decode($4, 'hex'), $5, $6)`,
    [RELEASE_CHAIN, block.number, block.prev, block.hash, entries.length, formatInstant(at)],
  );
  await tx.query(
    `update audiences.chain_head set number = $2, hash = decode($3, 'hex') where chain = $1`,
    [RELEASE_CHAIN, block.number, block.hash],
  );
  return block.number;
}
