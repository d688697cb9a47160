import {
  bytes,
  instant,
  integer,
  json,
  key,
  listOf,
  optional,
  text,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

export const pageToken = table(
  'permissions.page_token',
  {
    id: key(uuid()),
    hash: bytes(),
    page: word('preferences', 'one_click'),
    subject_id: uuid(),
    contact_kind: optional(word('email', 'phone', 'line', 'postal')),
    contact: optional(bytes()),
    purposes: listOf(text()),
    channels: listOf(text()),
    made_by: text(),
    made_at: instant(),
    ends_at: instant(),
  },
  {
    uniques: [['hash']],
    indices: [
      { name: 'page_token_subject', on: ['subject_id'] },
      { name: 'page_token_due', on: ['ends_at'] },
    ],
  },
);

export const pageConfirmation = table(
  'permissions.page_confirmation',
  {
    id: key(uuid()),
    hash: bytes(),
    subject_id: uuid(),
    contact: bytes(),
    wish: json(),
    asked_at: instant(),
    ends_at: instant(),
    used_at: optional(instant()),
    done_at: optional(instant()),
    due_at: optional(instant()),
  },
  {
    uniques: [['hash']],
    indices: [
      { name: 'page_confirmation_subject', on: ['subject_id', 'asked_at'] },
      { name: 'page_confirmation_due', on: ['ends_at'] },
      { name: 'page_confirmation_open', on: ['due_at'], where: 'done_at is null' },
    ],
  },
);

export const dutyMail = table(
  'permissions.duty_mail',
  {
    id: key(uuid()),
    duty: word('request_reply', 'stop_receipt'),
    about: uuid(),
    subject_id: uuid(),
    contact: bytes(),
    lang: word('ja', 'en'),
    state: word('waiting', 'sending', 'sent', 'refused', 'failed', 'unknown'),
    decision_id: optional(uuid()),
    tries: integer(),
    asked_at: instant(),
    due_at: instant(),
    ends_at: instant(),
    ended_at: optional(instant()),
    answer: optional(text()),
  },
  {
    indices: [
      { name: 'duty_mail_due', on: ['due_at'], where: "state in ('waiting', 'sending')" },
      { name: 'duty_mail_end', on: ['ends_at'] },
      { name: 'duty_mail_subject', on: ['subject_id'] },
    ],
  },
);
