import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fromBase64Url, toBase64Url } from './bytes.js';

it('base64url is that of Node', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (value) => {
      expect(toBase64Url(value)).toBe(Buffer.from(value).toString('base64url'));
      expect(fromBase64Url(toBase64Url(value))).toEqual(value);
    }),
  );
});
