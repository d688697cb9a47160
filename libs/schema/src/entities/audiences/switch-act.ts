import {
  byDefault,
  counted,
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

export const switchAct = table(
  'audiences.switch_act',
  {
    seq: key(counted()),
    id: uuid(),
    target: word('recipient', 'policy'),
    target_id: text(),
    act: word('requested', 'approved', 'off'),
    request: optional(uuid()),
    by_user: text(),
    reason: optional(text()),
    destination: optional(text()),
    at: instant(),
    standing_behind: byDefault(listOf(text()), "'{}'"),
    tx: ownTransaction(),
  },
  {
    uniques: [['id']],
    references: [[['request'], 'audiences.switch_act', ['id']]],
    indices: [{ name: 'switch_act_target', on: ['target', 'target_id', 'seq'] }],
  },
);
