import { instant, key, listOf, optional, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const reader = table(
  'permissions.reader',
  {
    id: key(uuid()),
    name: text(),
    topic: text(),
    sources: listOf(text()),
    valid_until: instant(),
    registered_at: instant(),
    registered_by: text(),
    ended_at: optional(instant()),
    ended_by: optional(text()),
  },
  { indices: [{ name: 'reader_topic', on: ['topic'] }] },
);
