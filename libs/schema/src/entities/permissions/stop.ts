import { byDefault, bytes, instant, key, optional, text, uuid, word } from '../columns.js';
import { table } from '../table.js';

export const stop = table(
  'permissions.stop',
  {
    origin: key(bytes()),
    subject_id: optional(uuid()),
    fold: optional(bytes()),
    kind: key(
      word(
        'objection',
        'suspension',
        'complaint',
        'hard_bounce',
        'unfollowed',
        'returned_post',
        'erasure',
      ),
    ),
    purpose: key(text()),
    channel: key(text()),
    at: instant(),
    evidence_id: byDefault(text(), "''"),
    actor: text(),
    entry: uuid(),
  },
  {
    checks: { stop_check: '(subject_id is null) <> (fold is null)' },
    indices: [
      { name: 'stop_subject', on: ['subject_id'], where: 'subject_id is not null' },
      { name: 'stop_fold', on: ['fold'], where: 'fold is not null' },
    ],
  },
);

export const lift = table(
  'permissions.lift',
  {
    origin: key(bytes()),
    subject_id: optional(uuid()),
    fold: optional(bytes()),
    kind: key(word('lift', 'follow', 'confirmation')),
    purpose: key(text()),
    channel: key(text()),
    at: instant(),
    evidence_id: byDefault(text(), "''"),
    actor: text(),
    entry: uuid(),
  },
  {
    checks: { lift_check: '(subject_id is null) <> (fold is null)' },
    indices: [
      { name: 'lift_subject', on: ['subject_id'], where: 'subject_id is not null' },
      { name: 'lift_fold', on: ['fold'], where: 'fold is not null' },
    ],
  },
);
