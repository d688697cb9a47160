import type { StoredBlock } from '@kyoka/chain';
import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { DECISION_CHAIN, decisionContent } from './decision-table.js';
import { LEDGER_CHAIN, ledgerContent } from './ledger-table.js';

/** Blocks read at once. */
const PAGE = 500;

interface ContentRow {
  readonly block: string;
  readonly id: string;
  readonly subject_id: string | null;
  readonly body: Record<string, Json>;
  readonly act: string;
  readonly act_at: Date;
  readonly arrived_at: Date;
  readonly decided_at: Date;
}

/** Where each chain keeps its entries, and what of a row the chain covers. */
const ENTRIES: Readonly<
  Record<string, { readonly table: string; content(row: ContentRow): Json }>
> = {
  [LEDGER_CHAIN]: {
    table: 'permissions.ledger',
    content: (row) =>
      ledgerContent(
        {
          id: row.id,
          subjectId: row.subject_id,
          act: row.act,
          at: row.act_at.getTime(),
          body: row.body,
        },
        row.arrived_at.getTime(),
      ),
  },
  [DECISION_CHAIN]: {
    table: 'permissions.decision',
    content: (row) =>
      decisionContent(
        { id: row.id, subjectId: row.subject_id, body: row.body },
        row.decided_at.getTime(),
      ),
  },
};

/** The chains of the context `permissions` as they are stored now, for a verifier. Memory stays flat. */
export function chainReader(db: Queryable): {
  chains(): Promise<string[]>;
  blocks(chain: string): AsyncIterable<StoredBlock>;
  heads(): Promise<{ chain: string; number: number; hash: string }[]>;
} {
  return {
    async chains() {
      const tables = ['permissions.block', ...Object.values(ENTRIES).map(({ table }) => table)];
      const rows = await db.query<{ chain: string }>(
        `${tables.map((table) => `select chain from ${table}`).join(' union ')} order by chain`,
      );
      return rows.map((row) => row.chain);
    },
    blocks: (chain) => blocksOf(db, chain),
    async heads() {
      const rows = await db.query<{ chain: string; number: string; hash: string }>(
        `select chain, number, encode(hash, 'hex') as hash from permissions.chain_head where number > 0 order by chain`,
      );
      return rows.map((row) => ({ ...row, number: Number(row.number) }));
    },
  };
}

async function* blocksOf(db: Queryable, chain: string): AsyncIterable<StoredBlock> {
  const entries = ENTRIES[chain];
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    const blocks = await db.query<{
      number: string;
      prev: string;
      hash: string;
      entries: number;
      at: Date;
    }>(
      `select number, encode(prev, 'hex') as prev, encode(hash, 'hex') as hash, entries, at
       from permissions.block where chain = $1 and number > $2 order by number limit ${PAGE}`,
      [chain, from],
    );
    const last = blocks.at(-1);
    if (last === undefined) break;
    const rows =
      entries === undefined
        ? []
        : await db.query<ContentRow>(
            `select * from ${entries.table} where chain = $1 and block > $2 and block <= $3 order by block, index`,
            [chain, from, last.number],
          );
    const byBlock = Map.groupBy(rows, (row) => row.block);
    for (const block of blocks) {
      yield {
        number: Number(block.number),
        prev: block.prev,
        hash: block.hash,
        at: block.at.getTime(),
        count: block.entries,
        entries: (byBlock.get(block.number) ?? []).map((row) =>
          (entries as (typeof ENTRIES)[string]).content(row),
        ),
      };
    }
    from = Number(last.number);
  }
  yield* strays(db, chain);
}

/**
 * Entries that no block of their chain holds. Keys and rights keep them out, so somebody got past
 * both; each shows as a block that nobody sealed.
 */
async function* strays(db: Queryable, chain: string): AsyncIterable<StoredBlock> {
  for (const [own, { table, content }] of Object.entries(ENTRIES)) {
    const rows = await db.query<ContentRow>(
      `select e.* from ${table} e where e.chain = $1 and ($1 <> $2 or not exists (
         select from permissions.block b where b.chain = e.chain and b.number = e.block))
       order by e.block, e.index limit ${PAGE}`,
      [chain, own],
    );
    for (const row of rows) {
      yield {
        number: Number(row.block),
        prev: '',
        hash: '',
        at: 0,
        count: 0,
        entries: [content(row)],
      };
    }
  }
}
