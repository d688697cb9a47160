import { bigint, bytes, instant, integer, json, key, optional, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const chainHead = table('access.chain_head', {
  chain: key(text()),
  number: bigint(),
  hash: bytes(),
});

export const block = table('access.block', {
  chain: key(text()),
  number: key(bigint()),
  prev: bytes(),
  hash: bytes(),
  entries: integer(),
  at: instant(),
});

export const act = table(
  'access.act',
  {
    id: key(uuid()),
    chain: text(),
    block: bigint(),
    index: integer(),
    owner: text(),
    credential: optional(uuid()),
    act: text(),
    target: text(),
    at: instant(),
    detail: json(),
  },
  {
    uniques: [['chain', 'block', 'index']],
    references: [[['chain', 'block'], 'access.block', ['chain', 'number']]],
    indices: [
      { name: 'act_at', on: ['at'] },
      { name: 'act_target', on: ['target', 'at'] },
    ],
  },
);
