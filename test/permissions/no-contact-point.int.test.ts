import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Company, grant, NEWSLETTER, openCompany, suspension } from './company.js';

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const withPhone = (ref: string, value: string) =>
  grant(ref, ref, {
    contacts: [
      { kind: 'email', value: `${ref.toLowerCase()}@example.jp` },
      { kind: 'phone', value },
    ],
  });

const ofPhone = (id: string, value: string) =>
  suspension(id, { contacts: [{ kind: 'phone', value }] });

it('a stop of what is no phone number reaches none of the strangers who gave the same', async () => {
  await company.feed(withPhone('A', 'none'), withPhone('B', 'none'));
  await company.feed(ofPhone('S1', 'none'));
  expect(await company.ask(NEWSLETTER, 'A')).toBe('allowed');
  expect(await company.ask(NEWSLETTER, 'B')).toBe('allowed');
  expect((await company.states())['store/A']).toMatchObject({ stops: [] });
});

it('a stop of a phone number reaches everybody who gave it', async () => {
  await company.feed(withPhone('C', '03-3334-0001'), withPhone('D', '03-3334-0001'));
  await company.feed(ofPhone('S2', '03-3334-0001'));
  expect(await company.ask(NEWSLETTER, 'C')).toEqual(['suppressed_suspension']);
  expect(await company.ask(NEWSLETTER, 'D')).toEqual(['suppressed_suspension']);
});
