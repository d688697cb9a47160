import { boolean, byDefault, instant, key, optional, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const subject = table(
  'permissions.subject',
  {
    id: key(uuid()),
    source: text(),
    ref: text(),
    category: optional(text()),
    category_at: optional(instant()),
    category_event: optional(text()),
    acquired_source: optional(text()),
    acquired_at: optional(instant()),
    acquired_event: optional(text()),
    policy_version: optional(text()),
    notice_shown: optional(boolean()),
    registered_at: optional(instant()),
    cancelled_at: optional(instant()),
    ads_on_at: optional(instant()),
    ads_off_at: optional(instant()),
    arrived_at: instant(),
    recorded_whole: byDefault(boolean(), true),
  },
  {
    uniques: [['source', 'ref']],
    indices: [{ name: 'subject_acquired_at', on: ['acquired_source', 'acquired_at'] }],
  },
);
