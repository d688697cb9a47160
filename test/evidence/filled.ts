import { hash, randomUUID } from 'node:crypto';
import { recordAct } from '@kyoka/access';
import { emptyHead, sealBlock } from '@kyoka/chain';
import { formatInstant, type Instant, parseInstant } from '@kyoka/kernel';
import { appendDecisions, appendDisclosureStep, appendLedger } from '@kyoka/permission-store';
import { inTransaction, openPool, type Pool, type Queryable } from '@kyoka/postgres';

export const SINCE = parseInstant('2026-11-20T10:00:00+09:00') as Instant;

/** Every table that only grows, and its chain where it has one. */
export const GROWING = [
  'access.act',
  'access.block',
  'permissions.ledger',
  'permissions.decision',
  'permissions.disclosure_step',
  'permissions.block',
  'audiences.release',
  'audiences.block',
  'audiences.switch_act',
  'audiences.policy_version',
  'audiences.recipient_version',
] as const;

/** A pool of the database's owner. */
export const ownerOf = (url: string): Promise<Pool> =>
  openPool(url, { max: 2, applicationName: 'evidence-test' });

export const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/**
 * Three blocks of two entries in the chain of the ledger, of the decisions and of the releases, of one
 * in those of the disclosures and of what people did, and the request for a switch, a version
 * of a policy that went live, and one of a recipient.
 *
 * @param onBlock called after each, as a checkpoint would be
 */
export async function fill(pool: Pool, onBlock: () => Promise<unknown>): Promise<void> {
  let prev = emptyHead('release').hash;
  for (let block = 1; block <= 3; block += 1) {
    const at = SINCE + block * 1_000;
    const entries = [randomUUID(), randomUUID()].map((id) => ({
      id,
      subjectId: randomUUID(),
      body: { block },
    }));
    prev = await inTransaction(pool, async (tx) => {
      await appendLedger(
        tx,
        entries.map((entry) => ({ ...entry, act: 'granted', at })),
        at,
      );
      await appendDecisions(tx, entries, at);
      await appendDisclosureStep(tx, {
        id: randomUUID(),
        caseId: randomUUID(),
        subjectId: randomUUID(),
        step: 'opened',
        openedAt: at,
        at,
        body: { block },
      });
      await recordAct(tx, {
        by: { owner: 'user:sato' },
        act: 'subject.read',
        target: `s${block}`,
        at,
      });
      return appendReleaseBlock(tx, { number: block - 1, prev, at }, entries);
    });
    await onBlock();
  }
  await inTransaction(pool, (tx) =>
    tx.query(
      `insert into audiences.switch_act (id, target, target_id, act, by_user, at)
       values ($1, 'policy', 'almado@1', 'requested', 'user:sato', $2)`,
      [randomUUID(), formatInstant(SINCE)],
    ),
  );
  await inTransaction(pool, (tx) =>
    tx.query(
      `insert into audiences.policy_version (id, file_sha256, file, at) values ('almado@1', $1, 'policy:', $2)`,
      [sha256Hex('policy:'), formatInstant(SINCE)],
    ),
  );
  await inTransaction(pool, (tx) =>
    tx.query(
      `insert into audiences.recipient (id, kind, items, registered_by, registered_at)
       values ('google', 'ad_network', '{}', 'user:sato', $1)`,
      [formatInstant(SINCE)],
    ),
  );
}

/** As the gate does it; @returns the hash of the block */
async function appendReleaseBlock(
  tx: Queryable,
  { number, prev, at }: { number: number; prev: string; at: Instant },
  entries: readonly { id: string; subjectId: string; body: { block: number } }[],
): Promise<string> {
  const rows = entries.map((entry) => ({ ...entry, attempt: randomUUID() }));
  const block = sealBlock(
    sha256Hex,
    { chain: 'release', number, hash: prev },
    rows.map((row) => ({
      id: row.id,
      subject: row.subjectId,
      attempt: row.attempt,
      decidedAt: at,
      body: row.body,
    })),
    at,
  );
  await tx.query(
    `insert into audiences.block (chain, number, prev, hash, entries, at)
     values ('release', $1, decode($2, 'hex'), decode($3, 'hex'), $4, $5)`,
    [block.number, block.prev, block.hash, rows.length, formatInstant(at)],
  );
  for (const [index, row] of rows.entries()) {
    await tx.query(
      `insert into audiences.release (id, chain, block, index, subject_id, attempt_id, decided_at, body)
       values ($1, 'release', $2, $3, $4, $5, $6, $7)`,
      [row.id, block.number, index, row.subjectId, row.attempt, formatInstant(at), row.body],
    );
  }
  await tx.query(
    `insert into audiences.chain_head (chain, number, hash) values ('release', $1, decode($2, 'hex'))
     on conflict (chain) do update set number = excluded.number, hash = excluded.hash`,
    [block.number, block.hash],
  );
  return block.hash;
}
