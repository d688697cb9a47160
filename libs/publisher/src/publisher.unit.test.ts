import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from './bytes.js';
import {
  attributesOf,
  computeMac,
  createPublisher,
  deriveKeys,
  fromStructured,
  openContact,
  toStructured,
  verifyMac,
} from './index.js';
import type { JsonValue } from './index.js';
import { openContactSync, verifyMacSync } from './node.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const keys = deriveKeys(KEY);
const macKey = createSecretKey(keys.macKey);
const sealKey = createSecretKey(keys.sealKey);
const publisher = createPublisher({ kid: 'kp-test', key: KEY, source: 'store' });

const bytes = (text: string) => new TextEncoder().encode(text);
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
        contacts: [{ kind: 'email', sealed: 'x..y' }],
        more: [{ contacts: [{ kind: 'line', value: 'U1' }] }],
      },
    });
    const data = JSON.parse(new TextDecoder().decode(event.value)) as {
      contacts: object[];
      more: { contacts: object[] }[];
    };
    expect(data.contacts).toEqual([{ kind: 'email', sealed: 'x..y' }]);
    expect(data.more[0]?.contacts[0]).toEqual({ kind: 'line', sealed: expect.any(String) });
  });

  it('refuses a contact it cannot seal, rather than sending it readable', async () => {
    const data = { contacts: [{ kind: 'phone', value: 9012345678 }] };
    await expect(publisher.event({ ...draft, data })).rejects.toThrow(TypeError);
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

describe('the MAC', () => {
  it('is this one for this event, in whatever language it is computed', () => {
    const attributes = {
      specversion: '1.0',
      id: 'e-1',
      source: 'store',
      type: 'jp.kyoka.order.placed.v1',
      time: '2026-11-20T09:12:34+09:00',
      datacontenttype: 'application/json',
      kyokakid: 'kp-test',
    };
    expect(Buffer.from(keys.macKey).toString('hex')).toBe(MAC_KEY);
    expect(computeMac(attributes, bytes('{"subject":"許可"}'), keys.macKey)).toBe(MAC);
  });

  const attributeSet = fc.dictionary(fc.stringMatching(/^[a-z0-9]{1,8}$/), fc.string(), {
    maxKeys: 5,
  });

  it('verifies what was signed, on both implementations', () => {
    fc.assert(
      fc.property(attributeSet, fc.uint8Array(), (attributes, data) => {
        const signed = { ...attributes, kyokamac: computeMac(attributes, data, keys.macKey) };
        expect(verifyMac(signed, data, keys.macKey)).toBe(true);
        expect(verifyMacSync(signed, data, macKey)).toBe(true);
      }),
    );
  });

  it('differs for any two different events', () => {
    fc.assert(
      fc.property(
        attributeSet,
        fc.uint8Array(),
        attributeSet,
        fc.uint8Array(),
        (a, dataA, b, dataB) => {
          fc.pre(
            JSON.stringify([sorted(a), [...dataA]]) !== JSON.stringify([sorted(b), [...dataB]]),
          );
          expect(computeMac(a, dataA, keys.macKey)).not.toBe(computeMac(b, dataB, keys.macKey));
        },
      ),
    );
  });

  const good = { id: 'e', source: 's', kyokakid: 'k' };
  const mac = computeMac(good, bytes('{}'), keys.macKey);
  it.each([
    [
      'a part moved from one attribute to the next',
      { ...good, id: 'es', source: '', kyokamac: mac },
      '{}',
    ],
    ['an attribute added', { ...good, type: 'x', kyokamac: mac }, '{}'],
    ['an attribute left out', { id: 'e', source: 's', kyokamac: mac }, '{}'],
    ['another key named', { ...good, kyokakid: 'l', kyokamac: mac }, '{}'],
    ['white space in the data', { ...good, kyokamac: mac }, '{ }'],
    ['no MAC', good, '{}'],
    ['an empty MAC', { ...good, kyokamac: '' }, '{}'],
    ['a cut MAC', { ...good, kyokamac: mac.slice(0, -1) }, '{}'],
    ['a MAC of wide characters with the same low bytes', { ...good, kyokamac: widened(mac) }, '{}'],
  ])('refuses %s', (_, attributes, data) => {
    expect(verifyMac(attributes, bytes(data), keys.macKey)).toBe(false);
    expect(verifyMacSync(attributes, bytes(data), macKey)).toBe(false);
  });

  it('covers an attribute by a name that objects treat specially', () => {
    const attributes = attributesOf({ ce_id: 'e', ce___proto__: 'x' });
    const signed = { id: 'e', kyokamac: computeMac({ id: 'e' }, bytes('{}'), keys.macKey) };
    expect(Object.keys(attributes)).toContain('__proto__');
    expect(computeMac(attributes, bytes('{}'), keys.macKey)).not.toBe(signed.kyokamac);
  });
});

describe('a sealed contact', () => {
  const binding = { id: 'e-1', source: 'store', ref: 'c-1', kind: 'email' };

  it('opens alike with jose and with Node', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'grapheme' }),
        async (value, ref) => {
          const bound = { ...binding, ref };
          const jwe = await publisher.seal(
            { kind: 'email', value },
            { id: 'e-1', source: 'store' },
            ref,
          );
          expect(await openContact(jwe, 'kp-test', bound, keys.sealKey)).toBe(value);
          expect(openContactSync(jwe, 'kp-test', bound, sealKey)).toBe(value);
        },
      ),
    );
  });

  it('never opens for Node what jose refuses, whatever is changed in it', async () => {
    const jwe = await publisher.seal({ kind: 'email', value: 'taro@example.jp' }, binding, 'c-1');
    const alphabet = fc.constantFrom('', '.', '=', ' ', 'A', 'B', '_', '-', '+', 'z', '\u0100');
    await fc.assert(
      fc.asyncProperty(fc.nat(jwe.length - 1), fc.nat(2), alphabet, async (at, cut, text) => {
        const changed = jwe.slice(0, at) + text + jwe.slice(at + cut);
        const fast = openContactSync(changed, 'kp-test', binding, sealKey);
        if (fast !== undefined) {
          expect(await openContact(changed, 'kp-test', binding, keys.sealKey)).toBe(fast);
          expect(fast).toBe('taro@example.jp');
        }
      }),
      { numRuns: 500, examples: [[177, 0, '_']] },
    );
  });

  it('does not open with a character too many, which Node alone would drop', async () => {
    const jwe = await publisher.seal({ kind: 'email', value: 'taro@example.jp' }, binding, 'c-1');
    const longer = jwe.replace(/\.([\w-]+)$/, 'A.$1');
    expect(openContactSync(jwe, 'kp-test', binding, sealKey)).toBe('taro@example.jp');
    expect(await openContact(longer, 'kp-test', binding, keys.sealKey)).toBeUndefined();
    expect(openContactSync(longer, 'kp-test', binding, sealKey)).toBeUndefined();
  });

  it.each([
    ['another event', { ...binding, id: 'e-2' }],
    ['another source', { ...binding, source: 'mall.rakuten' }],
    ['another person', { ...binding, ref: 'c-2' }],
    ['another kind', { ...binding, kind: 'phone' }],
  ])('does not open for %s', async (_, other) => {
    const jwe = await publisher.seal({ kind: 'email', value: 'taro@example.jp' }, binding, 'c-1');
    expect(await openContact(jwe, 'kp-test', other, keys.sealKey)).toBeUndefined();
    expect(openContactSync(jwe, 'kp-test', other, sealKey)).toBeUndefined();
  });

  const header = {
    alg: 'dir',
    enc: 'A256GCM',
    kid: 'kp-test',
    ce_id: 'e-1',
    source: 'store',
    ref: 'c-1',
    kind: 'email',
  };
  const { kind: _kind, ...kindless } = header;
  it.each([
    ['the wrong kid', { ...header, kid: 'kp-other' }],
    ['a member too many', { ...header, typ: 'JOSE' }],
    ['a member too few', kindless],
    ['a critical extension', { ...header, crit: ['b64'], b64: true }],
  ])('is refused under a header with %s, though the key is right', async (_, given) => {
    const jwe = await new CompactEncrypt(bytes('taro@example.jp'))
      .setProtectedHeader(given)
      .encrypt(keys.sealKey, { crit: { b64: true } });
    expect(await openContact(jwe, 'kp-test', binding, keys.sealKey)).toBeUndefined();
    expect(openContactSync(jwe, 'kp-test', binding, sealKey)).toBeUndefined();
  });

  it.each([{ zip: 'DEF' }, { enc: 'A128GCM' }, { alg: 'A256KW' }, { kind: ['email'] }])(
    'is refused under %j, though the tag is right',
    async (change) => {
      const control = forged(header);
      expect(openContactSync(control, 'kp-test', binding, sealKey)).toBe('taro@example.jp');
      const jwe = forged({ ...header, ...change });
      expect(await openContact(jwe, 'kp-test', binding, keys.sealKey)).toBeUndefined();
      expect(openContactSync(jwe, 'kp-test', binding, sealKey)).toBeUndefined();
    },
  );
});

it('base64url is that of Node', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (value) => {
      expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'));
      expect(fromBase64Url(toBase64Url(value))).toEqual(value);
    }),
  );
});

function sorted(attributes: Record<string, string>): [string, string][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}

function forged(header: object): string {
  const aad = toBase64Url(bytes(JSON.stringify(header)));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealKey, iv).setAAD(Buffer.from(aad));
  const text = Buffer.concat([cipher.update('taro@example.jp'), cipher.final()]);
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [aad, '', ...parts].join('.');
}

function widened(text: string): string {
  return String.fromCharCode(...[...text].map((char) => char.charCodeAt(0) + 0x100));
}

const MAC_KEY = 'dc8556e2e6ba4b4ec589517730d424ce9db6e220743188226623a28c674a35db';
const MAC = 'e3FncBmVqGzD6Ax073Spm56WizQHYVo3Ssbay0HcjWQ';
