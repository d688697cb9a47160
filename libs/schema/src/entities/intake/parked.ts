import {
  boolean,
  byDefault,
  bytes,
  day,
  instant,
  json,
  key,
  optional,
  text,
  uuid,
  word,
} from '../columns.js';
import { table } from '../table.js';

export const parked = table(
  'intake.parked',
  {
    id: key(uuid()),
    ce_source: optional(text()),
    ce_id: optional(text()),
    type: optional(text()),
    reason: text(),
    faults: byDefault(json(), "'[]'"),
    place: text(),
    applied: byDefault(boolean(), false),
    day: day(),
    sealed: bytes(),
    arrived_at: instant(),
    state: byDefault(word('parked', 'replayed', 'expired', 'dismissed'), "'parked'"),
    replayed_at: optional(instant()),
    replayed_by: optional(text()),
    replay_outcome: optional(text()),
    stop: byDefault(boolean(), false),
    publisher_id: optional(uuid()),
    dismissed_at: optional(instant()),
    dismissed_by: optional(text()),
    dismiss_reason: optional(text()),
  },
  {
    indices: [
      { name: 'parked_waiting', on: ['arrived_at'], where: "state = 'parked'" },
      { name: 'parked_stops', on: ['reason'], where: "state = 'parked' and stop" },
    ],
  },
);
