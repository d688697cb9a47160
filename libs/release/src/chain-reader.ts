import type { StoredBlock } from '@kyoka/chain';
import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { RELEASE_CHAIN, releaseContent } from './tables/release-table.js';

/** Blocks read at once; a block holds up to a whole request of releases. */
const PAGE = 20;

interface BlockRow {
  number: string;
  prev: string;
  hash: string;
  entries: number;
  at: Date;
}

interface ReleaseRow {
  block: string;
  id: string;
  subject_id: string;
  attempt_id: string;
  decided_at: Date;
  body: Record<string, Json>;
}

/** The chain of releases as it is stored now, for a verifier. Memory stays flat. */
export function releaseChainReader(db: Queryable): {
  chains(): Promise<string[]>;
  blocks(chain: string): AsyncIterable<StoredBlock>;
  heads(): Promise<{ chain: string; number: number; hash: string }[]>;
} {
  return {
    async chains() {
      const rows = await db.query<{ chain: string }>(
        'select chain from audiences.block union select chain from audiences.release order by chain',
      );
      return rows.map((row) => row.chain);
    },
    blocks: (chain) => blocksOf(db, chain),
    async heads() {
      const rows = await db.query<{ chain: string; number: string; hash: string }>(
        `select chain, number, encode(hash, 'hex') as hash from audiences.chain_head where number > 0 order by chain`,
      );
      return rows.map((row) => ({ ...row, number: Number(row.number) }));
    },
  };
}

async function* blocksOf(db: Queryable, chain: string): AsyncIterable<StoredBlock> {
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    const blocks = await db.query<BlockRow>(
      `select number, encode(prev, 'hex') as prev, encode(hash, 'hex') as hash, entries, at
       from audiences.block where chain = $1 and number > $2 order by number limit ${PAGE}`,
      [chain, from],
    );
    const last = blocks.at(-1);
    if (last === undefined) break;
    const releases = await releasesOf(db, chain, from, last.number);
    for (const block of blocks) {
      yield {
        number: Number(block.number),
        prev: block.prev,
        hash: block.hash,
        at: block.at.getTime(),
        count: block.entries,
        entries: (releases.get(block.number) ?? []).map(contentOf),
      };
    }
    from = Number(last.number);
  }
  yield* strays(db, chain);
}

const contentOf = (row: ReleaseRow): Json =>
  releaseContent(
    { id: row.id, subjectId: row.subject_id, attemptId: row.attempt_id, body: row.body },
    row.decided_at.getTime(),
  );

/**
 * Releases that no block of their chain holds. Keys and rights keep them out, so somebody got past
 * both; each shows as a block that nobody sealed.
 */
async function* strays(db: Queryable, chain: string): AsyncIterable<StoredBlock> {
  const rows = await db.query<ReleaseRow>(
    `select r.block, r.id, r.subject_id, r.attempt_id, r.decided_at, r.body from audiences.release r
     where r.chain = $1 and ($1 <> $2 or not exists (
       select from audiences.block b where b.chain = r.chain and b.number = r.block))
     order by r.block, r.index limit ${PAGE}`,
    [chain, RELEASE_CHAIN],
  );
  for (const row of rows) {
    yield {
      number: Number(row.block),
      prev: '',
      hash: '',
      at: 0,
      count: 0,
      entries: [contentOf(row)],
    };
  }
}

async function releasesOf(
  db: Queryable,
  chain: string,
  after: number,
  upTo: string,
): Promise<Map<string, ReleaseRow[]>> {
  if (chain !== RELEASE_CHAIN) return new Map();
  const rows = await db.query<ReleaseRow>(
    `select block, id, subject_id, attempt_id, decided_at, body from audiences.release
     where chain = $1 and block > $2 and block <= $3 order by block, index`,
    [chain, after, upTo],
  );
  return Map.groupBy(rows, (row) => row.block);
}
