import { createHash } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { normaliseContact } from '@kyoka/contact';
import { isKyokaError } from '@kyoka/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashForm, matchKey, networkForm, NETWORKS } from './index.js';

const nodeSha256 = (utf8: string) => createHash('sha256').update(utf8, 'utf8').digest('hex');
const nobleSha256 = (utf8: string) => bytesToHex(sha256(utf8ToBytes(utf8)));

const IDENTIFIERS: readonly (readonly [string, string])[] = [
  ...['email', 'phone', 'givenName', 'familyName', 'regionCode', 'postalCode'].map(
    (identifier) => ['google', identifier] as const,
  ),
  ...['email', 'phone', 'firstName', 'lastName', 'country', 'zip'].map(
    (identifier) => ['meta', identifier] as const,
  ),
];

describe('a match key', () => {
  it.each([
    ['google', 'email', 'taro+ec@googlemail.com', 'taro@googlemail.com', 'domain keeps its name'],
    [
      'meta',
      'email',
      'Taro.Yamada+shop@Gmail.com',
      'taro.yamada+shop@gmail.com',
      'Meta folds nothing',
    ],
    ['google', 'givenName', 'Dr. Jane', 'jane', 'honorific'],
    ['google', 'givenName', 'Drew', 'drew', 'a name that begins like an honorific'],
    ['google', 'givenName', '太郎', '太郎', 'own script'],
    ['google', 'familyName', 'Yamada, MD PhD', 'yamada', 'two suffixes'],
    ['google', 'familyName', 'Levi', 'levi', 'a name that ends like a suffix'],
    ['google', 'familyName', ' 山田　 佐藤 ', '山田 佐藤', 'one space'],
    ['meta', 'firstName', "O'Neil-Smith", 'oneilsmith', 'no punctuation'],
    ['meta', 'lastName', 'サトー', 'サトー', 'the long-vowel mark is a letter'],
    ['google', 'postalCode', '１００－０００１', '100-0001', 'full width'],
  ])('for %s %s of %j is made from %j: %s', (network, identifier, raw, normalised) => {
    expect(matchKey(network, identifier, raw, nodeSha256)).toMatchObject({
      status: 'accepted',
      normalised,
    });
  });

  it.each([
    ['tiktok', 'email', 'taro@example.jp', 'unknown_network', 'not supported'],
    ['any', 'email', 'taro@example.jp', 'unknown_network', 'not a network'],
    ['constructor', 'email', 'taro@example.jp', 'unknown_network', 'a name every object has'],
    ['google', 'firstName', 'Taro', 'unknown_identifier', "Meta's word"],
    ['google', 'toString', 'Taro', 'unknown_identifier', 'a name every object has'],
    ['meta', 'zip', '100-0001', 'form_not_settled', 'hyphen rule not documented'],
    ['meta', 'email', 'x@pc.fw.rakuten.ne.jp', 'relay_address', 'never enters an audience'],
    ['google', 'email', 'x@privaterelay.appleid.com', 'alias_address', 'written to, never matched'],
    ['google', 'email', 'info@example.jp', 'role_address', 'no person'],
    ['google', 'email', '+ec@gmail.com', 'nothing_left', "Gmail's rule takes everything"],
    ['google', 'givenName', 'Mr.', 'nothing_left', 'honorific alone'],
    [
      'meta',
      'firstName',
      '・・',
      'nothing_left',
      'punctuation alone: the digest of nothing is shared by all',
    ],
    ['meta', 'firstName', 'd41d8cd98f00b204e9800998ecf8427e', 'already_hashed', 'MD5'],
    ['google', 'familyName', 'あ'.repeat(257), 'too_long', 'no name'],
    ['google', 'regionCode', 'JPN', 'not_a_country', 'three letters'],
    ['meta', 'country', '日本', 'not_a_country', 'name of the country'],
    ['google', 'postalCode', '100-0001 東京都', 'not_a_postal_code', 'address beside the code'],
    ['google', 'postalCode', '', 'empty', 'nothing'],
  ])('for %s %s of %j is refused as %s: %s', (network, identifier, raw, reason) => {
    expect(matchKey(network, identifier, raw, nodeSha256)).toEqual({ status: 'rejected', reason });
  });

  it('is not hashed where the network takes it plain', () => {
    const never = () => expect.fail('a plain identifier was hashed');
    expect(matchKey('google', 'regionCode', ' jp', never)).toEqual({
      status: 'accepted',
      normalised: 'JP',
      hash: null,
    });
  });

  it('of nothing does not exist', () => {
    const thrown = (() => {
      try {
        return hashForm('', nodeSha256);
      } catch (error) {
        return error;
      }
    })();
    expect(isKyokaError(thrown) && thrown.code).toBe('bad_input');
  });
});

describe('the form of a canonical contact point', () => {
  it.each(NETWORKS)('at %s does not exist for another kind or an unmatchable class', (network) => {
    const unmatchable = [
      'x@fw.rakuten.ne.jp',
      'x@privaterelay.appleid.com',
      'info@example.jp',
      'no address',
    ].map((raw) => normaliseContact('email', raw));
    for (const contact of unmatchable)
      expect(networkForm(network, 'email', contact)).toBeUndefined();
    const phone = normaliseContact('phone', '090-1234-5678');
    expect(networkForm(network, 'email', phone)).toBeUndefined();
  });

  it.each(NETWORKS)('at %s is the one that the raw value gives', (network) => {
    for (const [kind, raw] of [
      ['email', 'Taro.Y+x@Gmail.com'],
      ['phone', '090-1234-5678'],
    ] as const) {
      const form = networkForm(network, kind, normaliseContact(kind, raw));
      expect(matchKey(network, kind, raw, nodeSha256)).toMatchObject({ normalised: form });
    }
  });
});

const identifier = fc.constantFrom(...IDENTIFIERS);
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'aZİΣßjr.,v mdJ・ーｶﾞ\u3000\u0301\u200b-019'),
    maxLength: 20,
  }),
);

/** Addresses close together: a few letters, dots and suffixes at domains that some network folds. */
const nearAddress = fc
  .tuple(
    fc.string({ unit: fc.constantFrom('a', 'B', '.', '+'), minLength: 1, maxLength: 6 }),
    fc.constantFrom('gmail.com', 'Googlemail.com', 'example.jp', 'mail.gmail.com'),
  )
  .map(([local, domain]) => `${local}@${domain}`);

describe('for any value', () => {
  it('a match key has an answer, and its normalised form gives the same key again', () => {
    fc.assert(
      fc.property(identifier, fc.oneof(text, nearAddress), ([network, name], raw) => {
        const once = matchKey(network, name, raw, nodeSha256);
        if (once.status === 'rejected') return;
        expect(once.normalised).not.toBe('');
        // Meta's phone form names its country without the plus; every other form can be read again
        const again = name === 'phone' ? `+${once.normalised.replace('+', '')}` : once.normalised;
        expect(matchKey(network, name, again, nodeSha256)).toEqual(once);
      }),
      { numRuns: 5_000 },
    );
  });

  it('two addresses that one network takes for one have one fold', () => {
    let met = 0;
    fc.assert(
      fc.property(fc.constantFrom(...NETWORKS), nearAddress, nearAddress, (network, a, b) => {
        const [left, right] = [normaliseContact('email', a), normaliseContact('email', b)];
        const form = networkForm(network, 'email', left);
        if (form === undefined || form !== networkForm(network, 'email', right)) return;
        met += 1;
        expect(left.fold).toBe(right.fold);
      }),
      { numRuns: 20_000, seed: 20261126 },
    );
    expect(met).toBeGreaterThan(50);
  });

  it('a digest is refused for every identifier', () => {
    const digest = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .chain((bytes) =>
        fc.constantFrom(
          Buffer.from(bytes).toString('hex'),
          Buffer.from(bytes.slice(0, 20)).toString('hex'),
          Buffer.from(bytes.slice(0, 16)).toString('hex').toUpperCase(),
          Buffer.from(bytes).toString('base64'),
        ),
      );
    fc.assert(
      fc.property(identifier, digest, ([network, name], raw) => {
        expect(matchKey(network, name, raw, nodeSha256).status).toBe('rejected');
      }),
      { numRuns: 2_000 },
    );
  });

  it('two independent SHA-256 agree on the key', () => {
    fc.assert(
      fc.property(identifier, fc.oneof(text, nearAddress), ([network, name], raw) => {
        expect(matchKey(network, name, raw, nodeSha256)).toEqual(
          matchKey(network, name, raw, nobleSha256),
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
