import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ADS,
  adsGrant,
  type Company,
  grant,
  minutes,
  NEWSLETTER,
  openCompany,
  suspension,
  switchedOn,
  withdrawal,
} from './company.js';

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const store = (ref: string) => ({ subject: { source: 'store', ref } });

describe('a stop whose publisher has a clock four minutes ahead is in force when it has arrived', () => {
  it('as a suspension', async () => {
    await company.feed(grant('A1', 'A'));
    expect(await company.ask(NEWSLETTER, 'A')).toBe('allowed');
    await company.feed(suspension('A2', { ...store('A'), occurredAt: minutes(4) }));
    expect(await company.ask(NEWSLETTER, 'A')).toEqual(['suppressed_suspension']);
  });

  it('as a withdrawal, of the person or of somebody who shares the address', async () => {
    const contacts = [{ kind: 'email', value: 'b@example.jp' }];
    await company.feed(grant('B1', 'B'), grant('C1', 'C', { contacts }));
    await company.feed(withdrawal('B2', 'B', { occurredAt: minutes(4) }));
    expect(await company.ask(NEWSLETTER, 'B')).toEqual(['consent_withdrawn']);
    expect(await company.ask(NEWSLETTER, 'C')).toEqual(['consent_withdrawn']);
  });

  it('for ads, at the recipient that it names', async () => {
    await company.feed(adsGrant('D1', 'D'), switchedOn('D2', 'D'));
    expect(await company.ask(ADS, 'D')).toBe('allowed');
    const there = { purpose: 'ad_matching', channels: ['ads'], recipient: 'google' };
    await company.feed(withdrawal('D3', 'D', { ...there, occurredAt: minutes(4) }));
    expect(await company.ask(ADS, 'D')).toEqual(['consent_withdrawn']);
  });

  it('while its moment still orders it after a grant of the same clock', async () => {
    await company.feed(
      withdrawal('E2', 'E', { occurredAt: minutes(4) }),
      grant('E1', 'E', { occurredAt: minutes(3) }),
    );
    company.clock.now += 10 * 60_000;
    expect(await company.ask(NEWSLETTER, 'E')).toEqual(['consent_withdrawn']);
  });
});
