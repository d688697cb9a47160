import {
  boolean,
  byDefault,
  bytes,
  instant,
  integer,
  key,
  optional,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

export const member = table(
  'audiences.member',
  {
    audience_id: key(uuid()),
    subject_id: key(uuid()),
    kind: key(word('email', 'phone')),
    token: key(bytes()),
    fold: bytes(),
    state: word('wanted', 'sending', 'processing', 'held', 'leaving', 'gone', 'refused'),
    run_id: optional(uuid()),
    attempt_id: optional(uuid()),
    certain: byDefault(boolean(), false),
    tries: byDefault(integer(), 0),
    held_since: optional(instant()),
    lease_until: optional(instant()),
    renew_at: optional(instant()),
    checked_at: instant(),
    changed_at: instant(),
    due_at: optional(instant()),
  },
  {
    references: [[['audience_id'], 'audiences.audience', ['id']]],
    indices: [
      { name: 'member_subject', on: ['subject_id'] },
      { name: 'member_fold', on: ['audience_id', 'fold'] },
      { name: 'member_wanted', on: ['audience_id', 'subject_id'], where: "state = 'wanted'" },
      { name: 'member_sending', on: ['audience_id', 'run_id'], where: "state = 'sending'" },
      { name: 'member_renewal', on: ['audience_id', 'renew_at'], where: "state = 'held'" },
      { name: 'member_lease', on: ['lease_until'], where: "state = 'held'" },
      {
        name: 'member_due',
        on: ['due_at'],
        where: "state in ('wanted', 'sending', 'processing', 'held')",
      },
      {
        name: 'member_checked',
        on: ['checked_at'],
        where: "state in ('wanted', 'sending', 'processing', 'held')",
      },
    ],
  },
);
