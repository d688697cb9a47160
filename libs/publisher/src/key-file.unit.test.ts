import { describe, expect, it } from 'vitest';
import { readKeyFile } from './key-file.js';

const KEY = { kid: 'kp-1', key: 'A'.repeat(43), sources: ['store'], types: ['jp.kyoka.x.v1'] };

describe('the file of a publisher key', () => {
  it('is read, without what publishing does not need', () => {
    expect(readKeyFile(JSON.stringify({ ...KEY, name: 'shop', validUntil: 1 }))).toEqual(KEY);
  });

  it.each([
    '',
    'null',
    '7',
    '{}',
    JSON.stringify({ ...KEY, key: 'secret' }),
    JSON.stringify({ ...KEY, sources: 'store' }),
    JSON.stringify({ ...KEY, types: [7] }),
    JSON.stringify({ ...KEY, kid: '' }),
  ])('is refused without an echo: %s', (text) => {
    expect(() => readKeyFile(text)).toThrow(new RangeError('not the file of a publisher key'));
  });
});
