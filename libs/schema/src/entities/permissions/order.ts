import { bigint, instant, integer, key, text, uuid } from '../columns.js';
import { table } from '../table.js';

export const orderLine = table(
  'permissions.order_line',
  {
    subject_id: uuid(),
    source: key(text()),
    order_ref: key(text()),
    line: key(integer()),
    sku: text(),
    category: text(),
    quantity: integer(),
    yen: bigint(),
    ordered_at: instant(),
  },
  {
    references: [[['subject_id'], 'permissions.subject', ['id']]],
    indices: [
      { name: 'order_line_subject', on: ['subject_id', 'ordered_at'] },
      { name: 'order_line_category', on: ['category', 'ordered_at'] },
    ],
  },
);

export const orderVersion = table('permissions.order_version', {
  source: key(text()),
  order_ref: key(text()),
  event_at: instant(),
  event: text(),
});

export const orderCancellation = table('permissions.order_cancellation', {
  source: key(text()),
  order_ref: key(text()),
  cancelled_at: instant(),
});
