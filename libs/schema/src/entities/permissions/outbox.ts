import { byDefault, counted, instant, json, key, ownTransaction, text } from '../columns.js';
import { table } from '../table.js';

export const outbox = table(
  'permissions.outbox',
  {
    id: key(counted()),
    tx: ownTransaction(),
    topic: text(),
    key: text(),
    type: text(),
    headers: byDefault(json(), "'{}'"),
    payload: json(),
    created_at: byDefault(instant(), 'clock_timestamp()'),
  },
  { indices: [{ name: 'outbox_order', on: ['tx', 'id'] }] },
);
