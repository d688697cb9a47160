import { createHash } from 'node:crypto';
import { canonicalJson, CONTACT_KINDS } from '@kyoka/kernel';
import fc from 'fast-check';
import parsePhoneNumber, { getCountries, getExampleNumber } from 'libphonenumber-js/max';
import examples from 'libphonenumber-js/mobile/examples';
import { describe, expect, it } from 'vitest';
import { ALIAS_DOMAINS, RELAY_DOMAINS, ROLE_NAMES } from './email-classes.js';
import {
  CONTACT_RULES_VERSION,
  FOLD_VERSION,
  INVALID_REASONS,
  NETWORK_EMAIL_FOLDINGS,
  normaliseContact,
} from './index.js';

const kind = fc.constantFrom(...CONTACT_KINDS);

/** Any string there is, lone surrogates included, and strings of the characters that the rules look at. */
const anything = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 40 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom(
      ...'+0189ー-−().@aZ・〒{}":,\\ \u3000\u00ad\u200b\u0301\u3099か\ufdfa\u00a8ß',
    ),
    maxLength: 80,
  }),
  fc
    .dictionary(
      fc.constantFrom('postalCode', 'line1', 'name', 'text'),
      fc.string({ unit: 'binary' }),
    )
    .map((parts) => JSON.stringify(parts)),
);

describe('any value of any kind', () => {
  it('gets an answer of a known class, and the same answer when its value is normalised again', () => {
    fc.assert(
      fc.property(kind, anything, (k, raw) => {
        const once = normaliseContact(k, raw);
        expect(normaliseContact(k, once.value)).toEqual(once);
        if (once.class === 'invalid') expect(INVALID_REASONS).toContain(once.reason);
      }),
      { numRuns: 5_000 },
    );
  });

  it('comes to an end, however hostile its repetitions', () => {
    for (const hostile of ['a.', '-a', '0-', '@', '{"', ' \u3000', 'a@a.', '\u0301']) {
      for (const k of CONTACT_KINDS) {
        expect(normaliseContact(k, hostile.repeat(50_000)).kind).toBe(k);
      }
    }
  });
});

describe('Japanese mobile numbers', () => {
  const parsed = (e164: string) => {
    const number = parsePhoneNumber(e164, { extract: false });
    return number?.isValid() === true && number.getType() === 'MOBILE' ? number.number : undefined;
  };

  it('are read as the library reads them, for every range there is', () => {
    for (let range = 1_000; range < 10_000; range += 1) {
      const e164 = `+81${range}012345`;
      const contact = normaliseContact('phone', e164);
      const mobile =
        contact.class === 'personal' && contact.line === 'mobile' ? contact.value : undefined;
      expect(mobile, e164).toBe(parsed(e164));
    }
  });

  it('are read as the library reads them, for any digits', () => {
    const mobile = fc
      .tuple(
        fc.constantFrom('60', '70', '80', '90'),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 0, max: 9_999_999 }),
      )
      .map(([range, first, rest]) => `+81${range}${first}${String(rest).padStart(7, '0')}`);
    fc.assert(
      fc.property(mobile, (e164) => {
        expect(normaliseContact('phone', e164)).toMatchObject({ value: e164, line: 'mobile' });
        expect(parsed(e164)).toBe(e164);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('an example number of every country keeps its E.164 form', () => {
  for (const country of getCountries()) {
    const e164 = getExampleNumber(country, examples)?.number as string;
    expect(normaliseContact('phone', e164), country).toMatchObject({
      class: 'personal',
      value: e164,
    });
  }
});

it('no digest is ever taken for a contact point', () => {
  const digest = fc
    .tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.constantFrom(16, 20, 32))
    .chain(([bytes, length]) => {
      const buffer = Buffer.from(bytes.slice(0, length));
      const texts = [buffer.toString('hex'), buffer.toString('hex').toUpperCase()];
      const base64 = length === 32 ? [buffer.toString('base64'), buffer.toString('base64url')] : [];
      return fc.constantFrom(...texts, ...base64);
    });
  fc.assert(
    fc.property(fc.constantFrom('email' as const, 'phone' as const), digest, (k, text) => {
      expect(normaliseContact(k, text)).toMatchObject({
        class: 'invalid',
        reason: 'already_hashed',
      });
    }),
    { numRuns: 1_000 },
  );
});

describe('the fold', () => {
  it.each([
    ['a.b+x@gmail.com', 'ab@gmail.com', 'dots and suffix of Gmail'],
    ['A.B@googlemail.com', 'ab@googlemail.com', 'the older name of Gmail keeps its domain'],
    ['t.a.r.o+x@yahoo.co.jp', 't.a.r.o+x@yahoo.co.jp', 'no network folds other domains'],
    ['taro..yamada.@docomo.ne.jp', 'taro..yamada.@docomo.ne.jp', 'nor carrier addresses'],
    ['a.b@gmail.com.example.jp', 'a.b@gmail.com.example.jp', 'the whole domain counts'],
  ])('of %s is %s: %s', (raw, fold) => {
    expect(normaliseContact('email', raw).fold).toBe(fold);
  });
});

describe('a change of the tables needs a new version', () => {
  const digest = (table: Parameters<typeof canonicalJson>[0]) =>
    createHash('sha256').update(canonicalJson(table)).digest('hex').slice(0, 16);

  it('of the foldings, or stored folds would no longer be found', () => {
    expect({ version: FOLD_VERSION, digest: digest(NETWORK_EMAIL_FOLDINGS) }).toEqual({
      version: '1',
      digest: 'e066e3eb2c74a59c',
    });
  });

  it('of the lists, or a decision would name the wrong list', () => {
    expect({
      version: CONTACT_RULES_VERSION,
      digest: digest([RELAY_DOMAINS, ALIAS_DOMAINS, ROLE_NAMES]),
    }).toEqual({
      version: '2026-11-26',
      digest: '683adbb5643d8c0c',
    });
  });
});
