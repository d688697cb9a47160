import { ShreddedEntry, type StoredBlock } from '@kyoka/chain';
import type { Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { ChainSource } from './join-chains.js';

/** Where the entries of one chain lie, and what of a row the chain covers. */
export interface StoredEntries<Row> {
  /** Table with the columns `chain`, `block`, `index` and those of `Row`. */
  readonly table: string;
  content(row: Row): Json;
}

interface BlockRow {
  number: string;
  prev: string;
  hash: string;
  entries: number;
  at: Date;
}

const HASH = /^[0-9a-f]{64}$/;

/** A row as the chain holds it; one whose body is gone is the hash that it left. */
function entryOf<Row extends object>(own: StoredEntries<Row>, row: Row): Json | ShreddedEntry {
  const { body } = row as { readonly body?: { readonly shredded?: unknown } };
  const hash = body?.shredded;
  return typeof hash === 'string' && HASH.test(hash) && Object.keys(body ?? {}).length === 1
    ? new ShreddedEntry(hash)
    : own.content(row);
}

type Placed<Row> = Row & { readonly block: string };

/**
 * The chains of one schema (tables `block` and `chain_head`) as they are stored now, for a verifier.
 * Memory stays flat: a page of blocks at a time. Entries that no block holds show as a block that
 * nobody sealed; keys and rights keep them out, so somebody got past both.
 *
 * @param entries by the name of the chain
 * @param page blocks read at once
 */
export function storedChains<Row extends object>(
  db: Queryable,
  schema: string,
  { entries, page }: { entries: Readonly<Record<string, StoredEntries<Row>>>; page: number },
): ChainSource {
  return {
    async chains() {
      const tables = [`${schema}.block`, ...Object.values(entries).map(({ table }) => table)];
      const rows = await db.query<{ chain: string }>(
        `${tables.map((table) => `select chain from ${table}`).join(' union ')} order by chain`,
      );
      return rows.map((row) => row.chain);
    },
    async *blocks(chain) {
      yield* sealed(db, schema, chain, { own: entries[chain], page });
      for (const [name, own] of Object.entries(entries)) {
        yield* strays(db, schema, chain, { own, isOwn: name === chain, page });
      }
    },
    async heads() {
      const rows = await db.query<{ chain: string; number: string; hash: string }>(
        `select chain, number, encode(hash, 'hex') as hash from ${schema}.chain_head
         where number > 0 order by chain`,
      );
      return rows.map((row) => ({ ...row, number: Number(row.number) }));
    },
  };
}

async function* sealed<Row extends object>(
  db: Queryable,
  schema: string,
  chain: string,
  { own, page }: { own: StoredEntries<Row> | undefined; page: number },
): AsyncIterable<StoredBlock> {
  for (let from = Number.MIN_SAFE_INTEGER; ;) {
    const blocks = await db.query<BlockRow>(
      `select number, encode(prev, 'hex') as prev, encode(hash, 'hex') as hash, entries, at
       from ${schema}.block where chain = $1 and number > $2 order by number limit ${page}`,
      [chain, from],
    );
    const last = blocks.at(-1);
    if (last === undefined) return;
    const rows =
      own === undefined
        ? []
        : await db.query<Placed<Row>>(
            `select * from ${own.table} where chain = $1 and block > $2 and block <= $3 order by block, index`,
            [chain, from, last.number],
          );
    const byBlock = Map.groupBy(rows, (row) => row.block);
    for (const block of blocks) {
      const held = byBlock.get(block.number) ?? [];
      yield {
        number: Number(block.number),
        prev: block.prev,
        hash: block.hash,
        at: block.at.getTime(),
        count: block.entries,
        entries: own === undefined ? [] : held.map((row) => entryOf(own, row)),
      };
    }
    from = Number(last.number);
  }
}

async function* strays<Row extends object>(
  db: Queryable,
  schema: string,
  chain: string,
  { own, isOwn, page }: { own: StoredEntries<Row>; isOwn: boolean; page: number },
): AsyncIterable<StoredBlock> {
  const rows = await db.query<Placed<Row>>(
    `select e.* from ${own.table} e where e.chain = $1 and (not $2 or not exists (
       select from ${schema}.block b where b.chain = e.chain and b.number = e.block))
     order by e.block, e.index limit ${page}`,
    [chain, isOwn],
  );
  for (const row of rows) {
    const number = Number(row.block);
    yield { number, prev: '', hash: '', at: 0, count: 0, entries: [entryOf(own, row)] };
  }
}
