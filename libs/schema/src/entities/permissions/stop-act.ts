import {
  byDefault,
  bytes,
  instant,
  key,
  listOf,
  optional,
  ownTransaction,
  text,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

export const stopAct = table(
  'permissions.stop_act',
  {
    id: key(uuid()),
    kind: word(
      'withdrawal',
      'ads_off',
      'cancelled',
      'objection',
      'suspension',
      'complaint',
      'hard_bounce',
      'unfollowed',
      'returned_post',
      'erasure',
    ),
    subject_id: optional(uuid()),
    folds: byDefault(listOf(bytes()), "'{}'"),
    purposes: listOf(text()),
    channels: listOf(text()),
    recipients: byDefault(listOf(text()), "'{*}'"),
    act_at: instant(),
    arrived_at: instant(),
    committed_at: instant(),
    fanned_out_at: optional(instant()),
    tx: ownTransaction(),
  },
  {
    indices: [
      { name: 'stop_act_waiting', on: ['committed_at'], where: 'fanned_out_at is null' },
      { name: 'stop_act_tx', on: ['tx'] },
      {
        name: 'stop_act_newest',
        on: ['committed_at', 'id'],
        where: "kind in ('suspension', 'erasure')",
      },
      { name: 'stop_act_subject', on: ['subject_id', 'committed_at'] },
    ],
  },
);
