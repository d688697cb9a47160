import type { Json } from '@kyoka/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Draft } from '../intake/harness.js';
import { type Company, grant, minutes, NEWSLETTER, openCompany, suspension } from './company.js';

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const registration = (
  source: string,
  ref: string,
  category: string,
  more: { readonly [field: string]: Json } = {},
): Draft => ({
  type: 'customer.registered',
  id: ref,
  data: {
    subject: { source, ref },
    category,
    contacts: [{ kind: 'email', value: `${ref.toLowerCase()}@example.jp` }],
    occurredAt: minutes(-60),
    ...more,
  },
});

const stored = async (source: string, ref: string): Promise<boolean> =>
  (await company.idOf(ref, source)) !== undefined;

describe('people of a category that may never be marketed to', () => {
  it.each([
    ['direct', 'employee'],
    ['direct', 'applicant'],
    ['direct', 'partner_staff'],
    ['direct', 'shareholder'],
    ['contact_form', 'contact_person'],
    ['call_recording', 'call_recording'],
  ])('from %s: %s is parked and not taken in', async (source, category) => {
    expect(await company.feed(registration(source, `A-${category}`, category))).toMatchObject([
      { outcome: 'parked', reason: 'unknown_category', faults: [{ field: 'data.category' }] },
    ]);
    expect(await stored(source, `A-${category}`)).toBe(false);
  });

  it('are not the three that are', async () => {
    const answers = await company.feed(
      registration('store', 'A1', 'member'),
      registration('store', 'A2', 'non_member'),
      registration('mall.rakuten', 'A3', 'mall_customer'),
    );
    expect(answers.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
  });
});

describe("what a third party supplies without its reference to the person's consent", () => {
  it('is parked and not taken in', async () => {
    expect(await company.feed(registration('third_party', 'B1', 'non_member'))).toMatchObject([
      { outcome: 'parked', reason: 'malformed', faults: [{ field: 'data.consentReference' }] },
    ]);
    expect(await stored('third_party', 'B1')).toBe(false);
  });

  it('is taken in with one, which the ledger keeps', async () => {
    const withReference = { consentReference: 'supplier-77' };
    const event = registration('third_party', 'B2', 'non_member', withReference);
    expect(await company.feed(event)).toMatchObject([{ outcome: 'accepted' }]);
    const kept = await company.db.query(
      `select 1 from permissions.ledger where body->>'consentReference' = 'supplier-77'`,
    );
    expect(kept).toHaveLength(1);
  });
});

describe('what was typed into a form that was not sent', () => {
  const typed = (ref: string, more: { readonly [field: string]: Json }) =>
    company.feed(registration('form_abandoned', ref, 'non_member', more));

  it.each([
    ['without the notice', 'C1', {}],
    ['before the notice', 'C2', { noticeShownAt: minutes(-59) }],
  ])('%s is parked and not taken in', async (_, ref, more) => {
    expect(await typed(ref, more)).toMatchObject([
      { outcome: 'parked', reason: 'malformed', faults: [{ field: 'data.noticeShownAt' }] },
    ]);
    expect(await stored('form_abandoned', ref)).toBe(false);
  });

  it('after the notice is taken in', async () => {
    expect(await typed('C3', { noticeShownAt: minutes(-61) })).toMatchObject([
      { outcome: 'accepted' },
    ]);
    expect(await stored('form_abandoned', 'C3')).toBe(true);
  });
});

describe('what people give directly under a policy that takes data in only with their consent', () => {
  const NOTICED = { noticeShownAt: minutes(-61) };
  const AGREED = { ...NOTICED, consentReference: 'consent-1' };
  const given = (
    ref: string,
    [policyVersion, category]: readonly [string, string],
    more: { readonly [field: string]: Json },
  ) => company.feed(registration('direct', ref, category, { policyVersion, ...more }));

  it.each([
    ['F1', 'allm@1', 'user', {}, 'data.noticeShownAt'],
    ['F2', 'allm@1', 'user', { ...AGREED, noticeShownAt: minutes(-59) }, 'data.noticeShownAt'],
    ['F3', 'allm@1', 'user', NOTICED, 'data.consentReference'],
    ['F4', 'agreement@1', 'customer', NOTICED, 'data.consentReference'],
  ])('%s under %s: %s with %o is parked for %s', async (ref, version, category, more, field) => {
    expect(await given(ref, [version, category], more)).toMatchObject([
      { outcome: 'parked', reason: 'malformed', faults: [{ field }] },
    ]);
    expect(await stored('direct', ref)).toBe(false);
  });

  it.each([
    ['F5', 'allm@1', 'user'],
    ['F6', 'agreement@1', 'customer'],
  ])('%s under %s: %s is taken in with it', async (ref, version, category) => {
    expect(await given(ref, [version, category], AGREED)).toMatchObject([{ outcome: 'accepted' }]);
    expect(await stored('direct', ref)).toBe(true);
  });

  it.each([
    ['F7', 'almado@1', 'member'],
    ['F8', 'almigo@1', 'user'],
  ])('%s under %s: %s of the same source needs none', async (ref, version, category) => {
    expect(await given(ref, [version, category], {})).toMatchObject([{ outcome: 'accepted' }]);
    expect(await stored('direct', ref)).toBe(true);
  });
});

it('a stop needs none of this, whoever sends it', async () => {
  await company.feed(grant('D1', 'D'));
  expect(await company.ask(NEWSLETTER, 'D')).toBe('allowed');
  const contacts = [{ kind: 'email', value: 'd@example.jp' }];
  const [third, typed] = await company.feed(
    suspension('D2', { subject: { source: 'third_party', ref: 'D-3' }, contacts }),
    suspension('D3', { subject: { source: 'form_abandoned', ref: 'D-4' }, contacts }),
  );
  expect([third, typed]).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }]);
  expect(await company.ask(NEWSLETTER, 'D')).toEqual(['suppressed_suspension']);
});

it('a withdrawal of somebody whose category is not taken in stops all the same', async () => {
  await company.feed(grant('E1', 'E'));
  const [answer] = await company.feed({
    type: 'consent.withdrawn',
    id: 'E2',
    data: {
      subject: { source: 'store', ref: 'E' },
      category: 'employee',
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: minutes(-1),
    },
  });
  expect(answer).toMatchObject({ outcome: 'parked', reason: 'stop_widened' });
  expect(await company.ask(NEWSLETTER, 'E')).toEqual(['consent_withdrawn']);
});
