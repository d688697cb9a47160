import { byDefault, bytes, instant, integer, key, optional, text, uuid, word } from '../columns.js';
import { table } from '../table.js';

export const removal = table(
  'audiences.removal',
  {
    id: key(uuid()),
    audience_id: uuid(),
    subject_id: uuid(),
    kind: text(),
    token: bytes(),
    fold: bytes(),
    cause: word('stop', 'not_permitted', 'left_segment', 'lease_ended', 'audience_ended'),
    state: word('requested', 'unconfirmed', 'overdue', 'confirmed'),
    basis: optional(word('job_status', 'declared_time')),
    requested_at: instant(),
    first_sent_at: optional(instant()),
    sends: byDefault(integer(), 0),
    failures: byDefault(integer(), 0),
    splits: byDefault(integer(), 0),
    last_attempt_id: optional(uuid()),
    last_sent_at: optional(instant()),
    last_result: optional(word('open', 'taken', 'complete', 'failed')),
    last_answered_at: optional(instant()),
    retry_at: optional(instant()),
    due_at: instant(),
    due_by: instant(),
    confirmed_at: optional(instant()),
    overdue_at: optional(instant()),
  },
  {
    references: [[['audience_id'], 'audiences.audience', ['id']]],
    indices: [
      {
        name: 'removal_open',
        on: ['audience_id', 'subject_id', 'kind', 'token'],
        unique: true,
        where: "state <> 'confirmed'",
      },
      { name: 'removal_open_fold', on: ['audience_id', 'fold'], where: "state <> 'confirmed'" },
      {
        name: 'removal_due',
        on: ['audience_id', 'failures', 'due_at'],
        where: "state <> 'confirmed'",
      },
      { name: 'removal_overdue', on: ['due_by', 'id'], where: "state = 'overdue'" },
      { name: 'removal_attempt', on: ['last_attempt_id'] },
      { name: 'removal_subject', on: ['subject_id'] },
    ],
  },
);

export const removalStop = table(
  'audiences.removal_stop',
  {
    stop_act_id: key(uuid()),
    removal_id: key(uuid()),
  },
  {
    references: [[['removal_id'], 'audiences.removal', ['id']]],
    indices: [{ name: 'removal_stop_removal', on: ['removal_id'] }],
  },
);
