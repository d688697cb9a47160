import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  attributesOf,
  createPublisher,
  deriveKeys,
  fromStructured,
  toStructured,
  verifyMac,
  type JsonValue,
} from './index.js';
import { openContactSync, verifyMacSync } from './node.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const keys = deriveKeys(KEY);
const macKey = createSecretKey(keys.macKey);
const sealKey = createSecretKey(keys.sealKey);
const publisher = createPublisher({ kid: 'kp-test', key: KEY, source: 'store' });

const draft = {
  id: 'e-1',
  type: 'jp.kyoka.consent.granted.v1',
  time: '2026-11-20T09:12:34+09:00',
  data: {
    subject: { source: 'store', ref: 'c-10293' },
    contacts: [
      { kind: 'email', value: 'taro@example.jp', confirmedAt: '2025-04-01T10:00:00+09:00' },
      { kind: 'phone', value: '090-1234-5678' },
    ],
  },
};

describe('an event', () => {
  it('leaves with every contact sealed, under headers that name key and MAC', async () => {
    const event = await publisher.event(draft);
    const text = new TextDecoder().decode(event.value);
    expect(text).not.toContain('taro');
    expect(text).not.toContain('5678');
    expect(Object.keys(event.headers).sort()).toEqual([
      'ce_id',
      'ce_kyokakid',
      'ce_kyokamac',
      'ce_source',
      'ce_specversion',
      'ce_time',
      'ce_type',
      'content-type',
    ]);
    const data = JSON.parse(text) as { contacts: Record<string, string>[] };
    expect(data.contacts[0]).toMatchObject({ kind: 'email', confirmedAt: expect.any(String) });
    const binding = { id: 'e-1', source: 'store', ref: 'c-10293', kind: 'email' };
    const jwe = data.contacts[0]?.['sealed'] ?? '';
    expect(openContactSync(jwe, 'kp-test', binding, sealKey)).toBe('taro@example.jp');
  });

  it('seals contacts wherever a list of that name lies, and leaves sealed ones as they are', async () => {
    const event = await publisher.event({
      ...draft,
      data: {
        contacts: [{ kind: 'email', sealed: 'x..y.z.t' }],
        more: [{ contacts: [{ kind: 'line', value: 'U1' }] }],
      },
    });
    const data = JSON.parse(new TextDecoder().decode(event.value)) as {
      contacts: object[];
      more: { contacts: object[] }[];
    };
    expect(data.contacts).toEqual([{ kind: 'email', sealed: 'x..y.z.t' }]);
    expect(data.more[0]?.contacts[0]).toEqual({ kind: 'line', sealed: expect.any(String) });
  });

  it('has a record key that is the same for one person and says nothing about them', async () => {
    const again = await publisher.event({ ...draft, id: 'e-2' });
    const other = await publisher.event({
      ...draft,
      data: { subject: { source: 'store', ref: 'c-2' } },
    });
    expect(again.key).toBe((await publisher.event(draft)).key);
    expect(again.key).toMatch(/^[\w-]{22}$/);
    expect(other.key).not.toBe(again.key);
  });

  it('verifies alike in binary and structured mode', async () => {
    const event = await publisher.event(draft);
    expect(verifyMac(attributesOf(event.headers), event.value, keys.macKey)).toBe(true);
    const parsed = JSON.parse(JSON.stringify(toStructured(event))) as Record<string, JsonValue>;
    const read = fromStructured(parsed);
    expect(read && verifyMacSync(read.attributes, read.data, macKey)).toBe(true);
  });

  it('takes no structured event whose attributes are not text', () => {
    expect(fromStructured({ id: 1, data: {} })).toBeUndefined();
    expect(fromStructured({ id: 'e' })).toBeUndefined();
  });
});

it.each(['', 'AAEC', `${KEY}A`, KEY.replace('A', '+')])('refuses the key %j', (key) => {
  expect(() => deriveKeys(key)).toThrow(RangeError);
});
