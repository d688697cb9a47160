import { describe, expect, it } from 'vitest';
import { parseEvent, readStopLoosely } from './index.js';

const time = '2026-11-20T09:00:00+09:00';
const ADDRESSES = [
  'taro@example.jp',
  ' Taro@Example.jp ',
  'ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ',
  '090-1234-5678',
  '０９０－１２３４－５６７８',
  '09012345678',
  '05012345678',
  '03-3334-1234',
  '+81 90-1234-5678',
  '+819012345678',
];
const NAMES = [
  'c-10293',
  'almado@1',
  'someone@home',
  '123456-20261101-0000000001',
  '503-1234567-1234567',
  'shop-10001234',
  '0312345678',
  '4901234567894',
  '2026-11-01',
  '01-23-456',
];

/** An order and a grant with this text in one place, and the place that a refusal names. */
const PLACES: readonly [string, (text: string) => [object, object]][] = [
  ['id', (text) => [{ id: text }, {}]],
  ['source', (text) => [{ source: text }, {}]],
  ['data.subject.ref', (text) => [{}, { subject: { source: 'store', ref: text } }]],
  ['data.evidence.id', (text) => [{}, { evidence: { id: text, actor: 'subject' } }]],
  ['data.evidence.form', (text) => [{}, { evidence: { id: 'e', actor: 'subject', form: text } }]],
];

function parse([attributes, data]: readonly [object, object]) {
  return parseEvent(
    {
      specversion: '1.0',
      id: 'e1',
      source: 'store',
      type: 'jp.kyoka.suspension.requested.v1',
      time,
      ...attributes,
    },
    {
      subject: { source: 'store', ref: 'c-1' },
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: time,
      ...data,
    },
  );
}

describe.each(PLACES)('an address as %s', (place, put) => {
  it.each(ADDRESSES)('is refused, named and not repeated: %s', (address) => {
    const parsed = parse(put(address));
    expect(parsed).toMatchObject({ ok: false, faults: [{ field: place }] });
    expect(JSON.stringify(parsed)).not.toContain(address);
  });

  it.each(NAMES)('control: a name is taken: %s', (text) => {
    expect(parse(put(text))).toMatchObject({ ok: true });
  });
});

it('an order is not named by an address', () => {
  const order = { ref: '090-1234-5678' };
  const head = { specversion: '1.0', id: '1', source: 'store', time };
  const data = { subject: { source: 'store', ref: 'c-1' }, order, occurredAt: time };
  expect(parseEvent({ ...head, type: 'jp.kyoka.order.cancelled.v1' }, data)).toMatchObject({
    faults: [{ field: 'data.order.ref' }],
  });
});

describe('a stop that names its subject by an address', () => {
  const type = 'jp.kyoka.suspension.requested.v1';

  it('is read as one of whoever has that address', () => {
    const taro = { source: 'store', ref: 'taro@example.jp' };
    expect(readStopLoosely(type, { subject: taro })).toMatchObject({
      contacts: [{ kind: 'email', value: 'taro@example.jp' }],
    });
    expect(readStopLoosely(type, { subject: taro })).not.toHaveProperty('subject');
    const phone = { ref: '090-1234-5678' };
    expect(readStopLoosely(type, { subject: phone, contacts: ['a@example.jp'] })).toMatchObject({
      contacts: [{ kind: 'phone' }, { kind: 'email' }],
    });
  });

  it('keeps no address as the id of its evidence', () => {
    const subject = { source: 'store', ref: 'c-1' };
    const stop = readStopLoosely(type, { subject, evidence: { id: 'taro@example.jp' } });
    expect(stop).toMatchObject({ subject });
    expect(stop).not.toHaveProperty('evidenceId');
  });
});
