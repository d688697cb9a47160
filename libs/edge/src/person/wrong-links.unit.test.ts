import { MINUTE } from '@kyoka/kernel';
import { expect, it } from 'vitest';
import { WrongLinks } from './wrong-links.js';

const waits = (links: WrongLinks, address: string, times: number): number[] =>
  Array.from({ length: times }, () => links.count(address));

it('lets an address try some, then makes it wait, then begins anew', () => {
  let now = 0;
  const links = new WrongLinks(() => now);
  expect(waits(links, '192.0.2.1', 20)).toEqual(Array.from({ length: 20 }, () => 0));
  now = 4 * MINUTE;
  expect(links.count('192.0.2.1')).toBe(360);
  expect(links.count('192.0.2.2')).toBe(0);
  now = 10 * MINUTE;
  expect(links.count('192.0.2.1')).toBe(0);
});

it('takes a household of IPv6 as one address', () => {
  const links = new WrongLinks(() => 0);
  waits(links, '2001:db8:1:2::1', 20);
  expect(links.count('2001:db8:1:2:ffff::9')).toBeGreaterThan(0);
  expect(links.count('2001:db8:1:3::1')).toBe(0);
});

it('remembers no more addresses than it may', () => {
  const links = new WrongLinks(() => 0);
  waits(links, '192.0.2.1', 20);
  for (let n = 0; n < 10_000; n += 1) links.count(`host-${n}`);
  expect(links.count('192.0.2.1')).toBe(0);
});
