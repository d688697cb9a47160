import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { UsableContact } from '@kyoka/contact';
import { hashForm, matchKey, networkForm, NETWORKS } from '@kyoka/match-keys';
import type { Network } from '@kyoka/match-keys';
import { describe, expect, it } from 'vitest';

/** A raw value and what a network's own documentation, tests or rule makes of it. */
interface Vector {
  readonly id: string;
  /** A network, or `any`: the row holds for each of them. */
  readonly network: string;
  readonly identifier: string;
  readonly raw: string;
  readonly normalised: string | null;
  readonly hash: string | null;
  /** `never`: seen in a public library, and wrong. */
  readonly expected: 'accept' | 'reject' | 'never';
  /** `hash-only`: the vendor's sample is no valid number, so only formatting and hashing are shown. */
  readonly use?: 'preferred' | 'plain' | 'hash-only';
  readonly source: string;
}

const VECTORS = JSON.parse(
  readFileSync(new URL('./vectors.json', import.meta.url), 'utf8'),
) as readonly Vector[];

const HASHES = {
  node: (utf8: string) => createHash('sha256').update(utf8, 'utf8').digest('hex'),
  noble: (utf8: string) => bytesToHex(sha256(utf8ToBytes(utf8))),
};

const networksOf = (vector: Vector) =>
  vector.network === 'any' ? NETWORKS : [vector.network as Network];

const rows = (...wanted: readonly string[]) =>
  VECTORS.filter((vector) => wanted.includes(vector.use ?? vector.expected));

describe.each(Object.entries(HASHES))('with the SHA-256 of %s', (_, sha256Hex) => {
  it.each(rows('preferred', 'plain'))(
    '$id $network $identifier: the form we send',
    ({ network, identifier, raw, normalised, hash }) => {
      expect(matchKey(network, identifier, raw, sha256Hex)).toEqual({
        status: 'accepted',
        normalised,
        hash,
      });
    },
  );

  it.each(rows('hash-only'))(
    '$id $network $identifier: formatting and hashing alone',
    ({ network, identifier, normalised, hash }) => {
      const e164 = `+${(normalised as string).replace('+', '')}`;
      const contact: UsableContact = { kind: 'phone', class: 'personal', value: e164, fold: e164 };
      expect(identifier).toBe('phone');
      const form = networkForm(network as Network, 'phone', contact) as string;
      expect({ form, hash: hashForm(form, sha256Hex) }).toEqual({ form: normalised, hash });
    },
  );

  it.each(rows('never'))('$id $network $identifier: never appears', (vector) => {
    for (const network of networksOf(vector)) {
      const key = matchKey(network, vector.identifier, vector.raw, sha256Hex);
      if (key.status === 'rejected') continue;
      expect(key.normalised).not.toBe(vector.normalised);
      expect(key.hash).not.toBe(vector.hash);
    }
  });
});

it.each(rows('reject'))('$id $network $identifier: refused', (vector) => {
  for (const network of networksOf(vector)) {
    const key = matchKey(network, vector.identifier, vector.raw, HASHES.node);
    expect(key.status).toBe('rejected');
  }
});

it('every row is of a use that is tested, and every network and use has rows', () => {
  const counted = Object.groupBy(VECTORS, (vector) => vector.use ?? vector.expected);
  expect(
    Object.fromEntries(Object.entries(counted).map(([use, all]) => [use, all?.length])),
  ).toEqual({
    preferred: 61,
    plain: 2,
    'hash-only': 3,
    reject: 34,
    never: 10,
  });
});
