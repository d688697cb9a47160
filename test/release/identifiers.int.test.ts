import type { Connector } from '@kyoka/connector-kit';
import { type ReleaseContext, workerSteps } from '@kyoka/release';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Company,
  drain,
  HANA,
  KEN,
  openCompany,
  openShared,
  PROCESSING_MS,
  reportOf,
  type Shared,
  TARO,
} from './harness/index.js';

let shared: Shared;
let company: Company;

beforeAll(async () => {
  shared = await openShared();
  company = await openCompany(shared);
});
afterAll(async () => {
  await company.close();
  await shared.close();
});

function taking(...identifiers: ('email' | 'phone')[]): ReleaseContext {
  const google = company.context.connectors.get('google') as Connector;
  const capabilities = { ...google.capabilities, identifiers };
  return {
    ...company.context,
    connectors: new Map(company.context.connectors).set('google', { ...google, capabilities }),
  };
}

it('a network is sent only identifiers that it takes, and what it took before is taken out', async () => {
  await company.enter(TARO, HANA, KEN);
  const audience = await company.audience('google');
  const emailOnly = taking('email');
  const run = await company.run(audience);
  await drain(company, emailOnly);
  company.clock.now += PROCESSING_MS;
  const held = () => [TARO, HANA, KEN].map((person) => company.held('google', person));
  expect(held()).toEqual([1, 1, 0]);
  const { waterfall } = await reportOf(company, run);
  expect(waterfall).toMatchObject({
    segment: 3,
    minus: [{ code: 'contact_missing', people: 1, withAny: 1 }],
    permitted: 2,
    sent: 2,
  });

  await company.run(audience);
  await drain(company, taking('email', 'phone'));
  company.clock.now += PROCESSING_MS;
  expect(held()).toEqual([2, 1, 1]);

  await company.run(audience);
  await drain(company, emailOnly);
  company.clock.now += PROCESSING_MS;
  expect(held()).toEqual([1, 1, 0]);
});

it('what was chosen when the network took more is stopped at the gate', async () => {
  const persons = [TARO, HANA, KEN].map((person) => ({ ...person, ordered: 'vitamins' }));
  await company.enter(...persons.map((person, line) => ({ ...person, ref: `later-${line}` })));
  const run = await company.run(await company.audience('google', { ordered: 'vitamins' }));
  while (await workerSteps(taking('email', 'phone'))['building']?.());
  const before = company.sandbox.journal.entries().length;
  await drain(company, taking('email'));
  const sent = company.sandbox.journal
    .entries(before)
    .flatMap((entry) =>
      entry.kind === 'request' && entry.op === 'add' ? (entry.members ?? []) : [],
    );
  expect(sent.map(({ emails, phones }) => [emails.length, phones.length])).toEqual([
    [1, 0],
    [1, 0],
  ]);
  const { waterfall } = await reportOf(company, run);
  expect(waterfall).toMatchObject({ permitted: 3, stoppedAtGate: 1, sent: 2 });
});
