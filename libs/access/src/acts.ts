import { hash, randomUUID } from 'node:crypto';
import { emptyHead, sealBlock } from '@kyoka/chain';
import { formatInstant, type Instant, type Json } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Actor } from './identity.js';

/** The closed list of what people do that is kept. Reading alone isn't, but whose record was read is. */
const ACTS = [
  'audience.defined',
  'audience.ended',
  'audience.run',
  'disclosure.approved',
  'disclosure.handed_over',
  'disclosure.opened',
  'disclosure.refused',
  'decision.read',
  'erasure.asked',
  'freeze.lifted',
  'freeze.set',
  'link.made',
  'owner.ended',
  'page.made',
  'parked.admitted',
  'parked.dismissed',
  'parked.replayed',
  'publisher.added',
  'publisher.revoked',
  'publisher.rotated',
  'reader.added',
  'reader.ended',
  'recipient.registered',
  'signed.in',
  'signed.out',
  'subject.found',
  'subject.read',
  'suspension.asked',
  'switch.approved',
  'switch.off',
  'switch.requested',
  'token.made',
  'token.revoked',
] as const;
export type ActName = (typeof ACTS)[number];

/** The chain of what people did. */
export const ACT_CHAIN = 'act';

export interface NewAct {
  readonly by: Actor;
  readonly act: ActName;
  /** What it was done to: an id or a name of ours, never a contact value. */
  readonly target: string;
  readonly at: Instant;
  /** Names and numbers that explain it; never a contact value, never a text that somebody wrote. */
  readonly detail?: Readonly<Record<string, Json>>;
}

/** An act as the table holds it. */
export interface StoredAct {
  readonly id: string;
  readonly owner: string;
  readonly credential: string | null;
  readonly act: string;
  readonly target: string;
  readonly at: Instant;
  readonly detail: Readonly<Record<string, Json>>;
}

/** What the chain seals of an act. */
export const actContent = (act: StoredAct): Json => ({ ...act });

const sha256Hex = (text: string): string => hash('sha256', text, 'hex');

/**
 * Keeps an act of a person (design §2.9, §2.10) as the next block of its chain, in the transaction of
 * its effect. It holds the chain's head until that ends, so call it after every lock but the barrier.
 */
export async function recordAct(
  tx: Queryable,
  { by, act, target, at, detail = {} }: NewAct,
): Promise<void> {
  const row: StoredAct = {
    id: randomUUID(),
    owner: by.owner,
    credential: by.credential ?? null,
    act,
    target,
    at,
    detail,
  };
  const block = await appendBlock(tx, actContent(row), at);
  await tx.query(
    `insert into access.act (id, chain, block, index, owner, credential, act, target, at, detail)
     values ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9)`,
    [
      row.id,
      ACT_CHAIN,
      block,
      row.owner,
      row.credential,
      act,
      target,
      formatInstant(at),
      JSON.stringify(detail),
    ],
  );
}

async function appendBlock(tx: Queryable, content: Json, at: Instant): Promise<number> {
  await tx.query(
    `insert into access.chain_head (chain, number, hash) values ($1, 0, decode($2, 'hex'))
     on conflict (chain) do nothing`,
    [ACT_CHAIN, emptyHead(ACT_CHAIN).hash],
  );
  const [head] = await tx.query<{ number: string; hash: Buffer }>(
    'select number, hash from access.chain_head where chain = $1 for update',
    [ACT_CHAIN],
  );
  const { number, hash: last } = head as { number: string; hash: Buffer };
  const before = { chain: ACT_CHAIN, number: Number(number), hash: last.toString('hex') };
  const block = sealBlock(sha256Hex, before, [content], at);
  await tx.query(
    `insert into access.block (chain, number, prev, hash, entries, at)
     values ($1, $2, decode($3, 'hex'), decode($4, 'hex'), 1, $5)`,
    [ACT_CHAIN, block.number, block.prev, block.hash, formatInstant(at)],
  );
  await tx.query(
    `update access.chain_head set number = $2, hash = decode($3, 'hex') where chain = $1`,
    [ACT_CHAIN, block.number, block.hash],
  );
  return block.number;
}
