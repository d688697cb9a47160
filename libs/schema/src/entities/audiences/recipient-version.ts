import { boolean, byDefault, counted, instant, json, key, text } from '../columns.js';
import { table } from '../table.js';

export const recipientVersion = table(
  'audiences.recipient_version',
  {
    seq: key(counted()),
    recipient_id: text(),
    at: instant(),
    earlier_unknown: byDefault(boolean(), false),
    terms: json(),
  },
  { indices: [{ name: 'recipient_version_recipient', on: ['recipient_id', 'seq'] }] },
);
