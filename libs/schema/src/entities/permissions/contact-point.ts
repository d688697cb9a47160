import {
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

export const contactPoint = table(
  'permissions.contact_point',
  {
    subject_id: key(uuid()),
    kind: key(word('email', 'phone', 'line', 'postal')),
    token: key(bytes()),
    fold: bytes(),
    class: word('personal', 'relay', 'alias', 'role', 'invalid'),
    line: optional(text()),
    sources: listOf(text()),
    rules_version: text(),
    sealed: bytes(),
    confirmed_at: optional(instant()),
    tx: ownTransaction(),
  },
  {
    references: [[['subject_id'], 'permissions.subject', ['id']]],
    indices: [
      { name: 'contact_point_fold', on: ['fold'], where: "class <> 'invalid'" },
      { name: 'contact_point_token', on: ['token'] },
      { name: 'contact_point_tx', on: ['tx'] },
      { name: 'contact_point_key', on: ['sealed'], byHand: true },
    ],
  },
);
