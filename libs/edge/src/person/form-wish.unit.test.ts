import { expect, it } from 'vitest';
import { stopFrom } from './form-wish.js';

it.each([
  [
    'cell:info_product|email',
    { stop: 'cell', cell: { purpose: 'info_product', channel: 'email' } },
  ],
  [
    'cell:ad_matching|ads|google',
    { stop: 'cell', cell: { purpose: 'ad_matching', channel: 'ads', recipient: 'google' } },
  ],
  ['cell:dev_marketing|*', { stop: 'cell', cell: { purpose: 'dev_marketing', channel: '*' } }],
  ['channel:sms', { stop: 'channel', channel: 'sms' }],
  ['ads', { stop: 'ads' }],
  ['every_use', { stop: 'every_use' }],
  ['advertising', { stop: 'advertising' }],
])('reads the button %s', (value, wish) => {
  expect(stopFrom(new URLSearchParams({ stop: value }))).toEqual(wish);
});

it.each(['', 'cell:', 'cell:info_product|fax', 'channel:fax', 'cell:<b>|email', 'nonsense'])(
  'takes a stop that it can not read, %s, as all that may be refused',
  (value) => {
    expect(stopFrom(new URLSearchParams({ stop: value }))).toEqual({ stop: 'advertising' });
  },
);

it('stops nothing where no button that stops was pressed', () => {
  expect(stopFrom(new URLSearchParams({ allow: 'info_product|email' }))).toBeUndefined();
});
