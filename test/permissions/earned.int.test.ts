import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Company, grant, NEWSLETTER, openCompany, withdrawal } from './company.js';

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const from = (source: string, ref: string) => ({ subject: { source, ref } });

/** Sources whose contract says that no grant of theirs counts, with a category that they yield. */
const NOT_EARNING = [
  ['import', 'member'],
  ['form_abandoned', 'non_member'],
  ['mall.rakuten', 'mall_customer'],
] as const;

describe.each(NOT_EARNING)('a grant that %s reports', (source, category) => {
  it('is kept and proves nothing, with evidence and by the person or not', async () => {
    await company.feed(grant(source, 'A', { ...from(source, 'A'), category }));
    expect((await company.states('A'))[`${source}/A`]).toMatchObject({
      permissions: [{ state: 'granted', proof: 'unproven' }],
    });
    expect(await company.ask(NEWSLETTER, 'A', source)).toContain('consent_without_evidence');
  });

  it('ends no withdrawal, while a withdrawal from there counts', async () => {
    await company.feed(withdrawal(`${source}-w`, 'A', from(source, 'A')));
    await company.feed(
      grant(`${source}-again`, 'A', {
        ...from(source, 'A'),
        category,
        occurredAt: '2026-11-20T09:59:00+09:00',
      }),
    );
    expect((await company.states('A'))[`${source}/A`]).toMatchObject({
      permissions: [{ state: 'withdrawn' }],
    });
    expect(await company.ask(NEWSLETTER, 'A', source)).toContain('consent_withdrawn');
  });
});

it('a grant that the store reports counts', async () => {
  await company.feed(grant('S', 'S'));
  expect(await company.ask(NEWSLETTER, 'S')).toBe('allowed');
});
