import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { bindingOf, Opener, Sealer } from './sealing.js';

const key = createSecretKey(Buffer.alloc(32, 1));
const keyId = Buffer.of(1, 0, 5, 0, 0, 0, 1);
const salts = (sealed: Buffer[]) => sealed.map((value) => value.subarray(7, 15).toString('hex'));

it('leaves a data key after its number of uses, and still opens what it sealed', () => {
  const sealer = new Sealer(key, keyId, 3);
  const sealed = Array.from({ length: 7 }, (_, index) =>
    sealer.seal(Buffer.of(index), bindingOf('a')),
  );
  const [s = []] = [salts(sealed)];
  expect(new Set(s).size).toBe(3);
  expect([s.indexOf(s[0] ?? ''), s.indexOf(s[3] ?? ''), s.indexOf(s[6] ?? '')]).toEqual([0, 3, 6]);
  const opener = new Opener();
  expect(sealed.map((value) => opener.open(value, bindingOf('a'), () => key)[0])).toEqual([
    0, 1, 2, 3, 4, 5, 6,
  ]);
});

it('starts with a data key of its own, so that a restart needs no count', () => {
  const sealed = [1, 2].map((value) =>
    new Sealer(key, keyId).seal(Buffer.of(value), bindingOf('a')),
  );
  expect(new Set(salts(sealed)).size).toBe(2);
});

it('never repeats an IV under a data key', () => {
  const sealer = new Sealer(key, keyId);
  const ivs = Array.from({ length: 5_000 }, () =>
    sealer.seal(Buffer.of(1), bindingOf('a')).subarray(15, 27).toString('hex'),
  );
  expect(new Set(ivs).size).toBe(ivs.length);
});

it('keeps a bounded number of data keys and opens the forgotten ones as well', () => {
  const opener = new Opener();
  const sealed = Array.from({ length: 20_000 }, () =>
    new Sealer(key, keyId).seal(Buffer.of(7), bindingOf('a')),
  );
  let asked = 0;
  const keyOf = () => {
    asked += 1;
    return key;
  };
  for (const value of [...sealed, ...sealed.slice(0, 100), ...sealed.slice(-100)]) {
    expect(opener.open(value, bindingOf('a'), keyOf)[0]).toBe(7);
  }
  expect(asked).toBe(20_100);
});
