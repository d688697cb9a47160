import { expect, it } from 'vitest';
import { mask } from './mask.js';

it.each([
  ['email', 'taro.yamada@mail.example.jp', 't***@m***.jp'],
  ['email', 'a@b.jp', 'a***@b***.jp'],
  ['phone', '+819012345678', '***78'],
  ['postal', '1000001 東京都千代田区', ''],
  ['line', 'U4af4980629', ''],
] as const)('shows of %s %s no more than %s', (kind, value, shown) => {
  expect(mask(kind, value)).toBe(shown);
});
