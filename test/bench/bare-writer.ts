import { inTransaction, type Pool } from '@kyoka/postgres';
import type { TableShape, Written } from './written-rows.js';

/** Statements of one transaction, parameters and all. */
export type Batch = readonly Statement[];

interface Statement {
  readonly text: string;
  readonly values: readonly (readonly string[])[];
}

/** Set-based statements that write the rows of one batch, parameters and all, ready to be sent. */
export function statementsOf(written: readonly Written[]): Batch {
  return [...written]
    .sort((a, b) => rank(a.table) - rank(b.table))
    .flatMap(({ table, known, added }) => [
      ...(known.length > 0 ? [{ text: updating(table), values: byColumn(table, known) }] : []),
      ...(added.length > 0 ? [{ text: inserting(table), values: byColumn(table, added) }] : []),
    ]);
}

/**
 * Writes batches by bare statements over so many connections, each batch in a transaction of its own.
 *
 * @returns batches a second
 */
export async function writeBare(
  pool: Pool,
  batches: readonly Batch[],
  connections: number,
): Promise<number> {
  const waiting = [...batches];
  const begun = performance.now();
  const work = async () => {
    for (let batch = waiting.shift(); batch; batch = waiting.shift()) {
      const statements = batch;
      await inTransaction(pool, async (tx) => {
        for (const { text, values } of statements) await tx.query(text, [...values]);
      });
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  return (batches.length / (performance.now() - begun)) * 1000;
}

/** What others refer to comes first; the one row that every batch updates comes last. */
const FIRST = ['permissions.subject'];
const LAST = ['permissions.block', 'permissions.ledger', 'permissions.chain_head'];
const rank = ({ name }: TableShape): number =>
  FIRST.includes(name) ? -1 : LAST.includes(name) ? 1 + LAST.indexOf(name) : 0;

const byColumn = ({ columns }: TableShape, rows: readonly string[][]): string[][] =>
  columns.map((_, index) => rows.map((row) => row[index] as string));

/** An array of arrays would come out of `unnest` flat, so such a column travels as text. */
const carried = (type: string): string => (type.endsWith('[]') ? 'text' : type);

const given = ({ columns }: TableShape): string =>
  `unnest(${columns.map(({ type }, index) => `$${index + 1}::${carried(type)}[]`).join(', ')})
     as n (${columns.map(({ name }) => name).join(', ')})`;

const inserting = (table: TableShape): string =>
  `insert into ${table.name} (${table.columns.map(({ name }) => name).join(', ')})
   overriding system value
   select ${table.columns.map(({ name, type }) => `n.${name}::${type}`).join(', ')} from ${given(table)}`;

const updating = (table: TableShape): string => {
  const changed = table.columns.filter(({ name }) => !table.key.includes(name));
  return `update ${table.name} t
      set ${changed.map(({ name, type }) => `${name} = n.${name}::${type}`).join(', ')}
     from ${given(table)}
    where ${table.key.map((name) => `t.${name} = n.${name}`).join(' and ')}`;
};
