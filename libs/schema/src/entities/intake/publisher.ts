import { bytes, instant, key, listOf, optional, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const publisher = table('intake.publisher', {
  id: key(uuid()),
  name: text(),
  sources: listOf(text()),
  types: listOf(text()),
  valid_until: instant(),
  registered_at: instant(),
  registered_by: text(),
  revoked_at: optional(instant()),
  revoked_by: optional(text()),
  revoke_reason: optional(text()),
});

export const publisherKey = table(
  'intake.publisher_key',
  {
    kid: key(text()),
    publisher_id: uuid(),
    sealed: bytes(),
    created_at: instant(),
    created_by: text(),
    ends_at: instant(),
  },
  {
    indices: [{ name: 'publisher_key_publisher', on: ['publisher_id'] }],
    references: [[['publisher_id'], 'intake.publisher', ['id']]],
  },
);
