import {
  bigint,
  byDefault,
  bytes,
  day,
  instant,
  integer,
  key,
  listOf,
  optional,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

export const erasure = table(
  'permissions.erasure',
  {
    id: key(uuid()),
    state: word('waiting', 'cleared', 'erased'),
    tokens: listOf(bytes()),
    requested_at: instant(),
    latest_at: instant(),
    cleared_at: optional(instant()),
    unconfirmed: optional(integer()),
    erased_at: optional(instant()),
    unreadable_after: optional(day()),
    records_until: optional(day()),
    records_gone_at: optional(instant()),
  },
  {
    indices: [
      { name: 'erasure_open', on: ['requested_at'], where: "state <> 'erased'" },
      {
        name: 'erasure_records',
        on: ['records_until'],
        where: "state = 'erased' and records_gone_at is null",
      },
      { name: 'erasure_tokens', on: ['tokens'], byHand: true },
    ],
  },
);

export const erasureSubject = table(
  'permissions.erasure_subject',
  {
    erasure_id: key(uuid()),
    subject_id: key(uuid()),
    bucket: optional(integer()),
    key_version: optional(bigint()),
  },
  {
    references: [[['erasure_id'], 'permissions.erasure', ['id']]],
    indices: [
      { name: 'erasure_subject_subject', on: ['subject_id'] },
      {
        name: 'erasure_subject_bucket',
        on: ['bucket', 'key_version'],
        where: 'bucket is not null',
      },
    ],
  },
);

export const bucketRotation = table(
  'permissions.bucket_rotation',
  {
    bucket: key(integer()),
    version: key(bigint()),
    state: word('making', 'resealing', 'resealed', 'done'),
    started_at: instant(),
    resealed: byDefault(integer(), 0),
    destroy_at: optional(instant()),
    done_at: optional(instant()),
  },
  { indices: [{ name: 'bucket_rotation_open', on: ['started_at'], where: "state <> 'done'" }] },
);
