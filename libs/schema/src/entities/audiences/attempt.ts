import {
  boolean,
  byDefault,
  bytes,
  instant,
  integer,
  json,
  key,
  optional,
  text,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

export const attempt = table(
  'audiences.attempt',
  {
    id: key(uuid()),
    op: word('add', 'remove'),
    audience_id: uuid(),
    state: word('sending', 'accepted', 'rejected', 'unknown', 'not_sent'),
    persons: integer(),
    gate_at: instant(),
    deadline_at: instant(),
    claimed_until: instant(),
    lands_by: optional(instant()),
    answered_at: optional(instant()),
    code: optional(text()),
    received: optional(integer()),
    invalid: optional(integer()),
    job: optional(json()),
    job_state: optional(word('running', 'complete', 'incomplete', 'failed', 'given_up')),
    polls: byDefault(integer(), 0),
    poll_at: optional(instant()),
    job_ended_at: optional(instant()),
  },
  {
    references: [[['audience_id'], 'audiences.audience', ['id']]],
    indices: [
      { name: 'attempt_sending', on: ['claimed_until'], where: "state = 'sending'" },
      { name: 'attempt_running', on: ['poll_at'], where: "job_state = 'running'" },
      { name: 'attempt_audience', on: ['audience_id', 'gate_at'] },
    ],
  },
);

export const attemptItem = table(
  'audiences.attempt_item',
  {
    attempt_id: key(uuid()),
    position: integer(),
    subject_id: key(uuid()),
    kind: key(text()),
    token: key(bytes()),
    fold: bytes(),
    run_id: optional(uuid()),
    refused: byDefault(boolean(), false),
  },
  {
    references: [[['attempt_id'], 'audiences.attempt', ['id']]],
    indices: [
      { name: 'attempt_item_fold', on: ['fold'] },
      { name: 'attempt_item_run', on: ['run_id'], where: 'run_id is not null' },
    ],
  },
);
