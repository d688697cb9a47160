import { bigint, bytes, instant, integer, json, key, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const chainHead = table('audiences.chain_head', {
  chain: key(text()),
  number: bigint(),
  hash: bytes(),
});

export const block = table('audiences.block', {
  chain: key(text()),
  number: key(bigint()),
  prev: bytes(),
  hash: bytes(),
  entries: integer(),
  at: instant(),
});

export const release = table(
  'audiences.release',
  {
    id: key(uuid()),
    chain: text(),
    block: bigint(),
    index: integer(),
    subject_id: uuid(),
    attempt_id: uuid(),
    decided_at: instant(),
    body: json(),
  },
  {
    uniques: [['chain', 'block', 'index']],
    references: [[['chain', 'block'], 'audiences.block', ['chain', 'number']]],
    indices: [{ name: 'release_subject', on: ['subject_id', 'decided_at'] }],
  },
);
