import { hash } from 'node:crypto';
import { emptyHead, type Head, sealBlock } from '@kyoka/chain';
import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** SHA-256 of a text in hexadecimal, as the chain's rules ask for it. */
const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/** Locks the head of a chain, made where it is missing, until the transaction ends. */
export async function lockHead(tx: Queryable, chain: string): Promise<Head> {
  const known = await knownHead(tx, chain);
  if (known !== undefined) return known;
  await tx.query(
    `insert into permissions.chain_head (chain, number, hash) values ($1, 0, decode($2, 'hex'))
     on conflict (chain) do nothing`,
    [chain, emptyHead(chain).hash],
  );
  return (await knownHead(tx, chain)) as Head;
}

async function knownHead(tx: Queryable, chain: string): Promise<Head | undefined> {
  const [row] = await tx.query<{ number: string; hash: Buffer }>(
    'select number, hash from permissions.chain_head where chain = $1 for update',
    [chain],
  );
  return row && { chain, number: Number(row.number), hash: row.hash.toString('hex') };
}

/**
 * Puts a block of entries on top of a chain and moves its head, whose row stays locked until the
 * transaction ends: blocks of one chain commit one after the other. The caller stores the entries.
 *
 * @returns the number of the block
 */
export async function appendBlock(
  tx: Queryable,
  chain: string,
  entries: readonly Json[],
  at: Instant,
): Promise<number> {
  const before = await lockHead(tx, chain);
  const block = sealBlock(sha256Hex, before, entries, at);
  await tx.query(
    `insert into permissions.block (chain, number, prev, hash, entries, at)
     values ($1, $2, decode($3, 'hex'), decode($4, 'hex'), $5, $6)`,
    [chain, block.number, block.prev, block.hash, entries.length, formatInstant(at)],
  );
  await tx.query(
    `update permissions.chain_head set number = $2, hash = decode($3, 'hex') where chain = $1`,
    [chain, block.number, block.hash],
  );
  return block.number;
}
