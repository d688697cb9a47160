import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributesOf, computeMac, deriveKeys, verifyMac } from './index.js';
import { verifyMacSync } from './node.js';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8';
const keys = deriveKeys(KEY);
const macKey = createSecretKey(keys.macKey);
const bytes = (text: string) => new TextEncoder().encode(text);

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

function sorted(attributes: Record<string, string>): [string, string][] {
  return Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
}

function widened(text: string): string {
  return String.fromCharCode(...[...text].map((char) => char.charCodeAt(0) + 0x100));
}

const MAC_KEY = 'dc8556e2e6ba4b4ec589517730d424ce9db6e220743188226623a28c674a35db';
const MAC = 'e3FncBmVqGzD6Ax073Spm56WizQHYVo3Ssbay0HcjWQ';
