import { bigint, bytes, instant, integer, json, key, optional, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const chainHead = table('permissions.chain_head', {
  chain: key(text()),
  number: bigint(),
  hash: bytes(),
});

export const block = table('permissions.block', {
  chain: key(text()),
  number: key(bigint()),
  prev: bytes(),
  hash: bytes(),
  entries: integer(),
  at: instant(),
});

export const ledger = table(
  'permissions.ledger',
  {
    id: key(uuid()),
    chain: text(),
    block: bigint(),
    index: integer(),
    subject_id: optional(uuid()),
    act: text(),
    act_at: instant(),
    arrived_at: instant(),
    body: json(),
  },
  {
    uniques: [['chain', 'block', 'index']],
    references: [[['chain', 'block'], 'permissions.block', ['chain', 'number']]],
    indices: [
      { name: 'ledger_subject', on: ['subject_id', 'act_at'] },
      { name: 'ledger_folds', on: ['body'], byHand: true },
    ],
  },
);

export const decision = table(
  'permissions.decision',
  {
    id: key(uuid()),
    chain: text(),
    block: bigint(),
    index: integer(),
    subject_id: optional(uuid()),
    decided_at: instant(),
    body: json(),
  },
  {
    uniques: [['chain', 'block', 'index']],
    references: [[['chain', 'block'], 'permissions.block', ['chain', 'number']]],
  },
);
