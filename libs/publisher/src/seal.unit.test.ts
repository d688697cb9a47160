import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { CompactEncrypt } from 'jose';
import { describe, expect, it } from 'vitest';
import { toBase64Url } from './bytes.js';
import { createPublisher, deriveKeys, openContact } from './index.js';
import { openContactSync } from './node.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const keys = deriveKeys(KEY);
const sealKey = createSecretKey(keys.sealKey);
const publisher = createPublisher({ kid: 'kp-test', key: KEY, source: 'store' });
const bytes = (text: string) => new TextEncoder().encode(text);

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

function forged(header: object): string {
  const aad = toBase64Url(bytes(JSON.stringify(header)));
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealKey, iv).setAAD(Buffer.from(aad));
  const text = Buffer.concat([cipher.update('taro@example.jp'), cipher.final()]);
  const parts = [iv, text, cipher.getAuthTag()].map((part) => part.toString('base64url'));
  return [aad, '', ...parts].join('.');
}
