import {
  boolean,
  byDefault,
  counted,
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

export const run = table(
  'audiences.run',
  {
    id: key(uuid()),
    audience_id: uuid(),
    idempotency_key: text(),
    actor: text(),
    state: word('building', 'sending', 'settling', 'finished', 'stopped'),
    segment_at: instant(),
    chosen: byDefault(boolean(), false),
    cursor: optional(uuid()),
    segment: byDefault(integer(), 0),
    allowed: byDefault(integer(), 0),
    refused: byDefault(integer(), 0),
    refused_first: byDefault(json(), "'{}'"),
    refused_any: byDefault(json(), "'{}'"),
    to_add: byDefault(integer(), 0),
    to_remove: byDefault(integer(), 0),
    started_at: instant(),
    finished_at: optional(instant()),
    scheduled: byDefault(boolean(), false),
  },
  {
    uniques: [['audience_id', 'idempotency_key']],
    references: [[['audience_id'], 'audiences.audience', ['id']]],
    indices: [
      {
        name: 'run_active',
        on: ['audience_id'],
        unique: true,
        where: "state in ('building', 'sending')",
      },
      {
        name: 'run_open',
        on: ['started_at'],
        where: "state in ('building', 'sending', 'settling')",
      },
    ],
  },
);

export const runSubject = table(
  'audiences.run_subject',
  {
    run_id: key(uuid()),
    subject_id: key(uuid()),
  },
  { references: [[['run_id'], 'audiences.run', ['id']]] },
);

export const gateRefusal = table(
  'audiences.gate_refusal',
  {
    id: key(counted()),
    run_id: uuid(),
    persons: integer(),
    by_reason: json(),
  },
  {
    references: [[['run_id'], 'audiences.run', ['id']]],
    indices: [{ name: 'gate_refusal_run', on: ['run_id'] }],
  },
);
