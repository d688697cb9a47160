import { changeSwitch, registerRecipient } from '@kyoka/release';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  type Company,
  heldAt,
  openCompany,
  openShared,
  partyOf,
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

const TERMS = {
  network: 'google',
  kind: 'ad_network',
  basis: 'consent',
  contractRef: 'contract-google',
  useLimitRef: 'terms-google',
  items: ['hashed_email', 'hashed_phone'],
  reviewedAt: '2026-06-01',
  country: 'US',
  foreignBasis: 'consent',
  party: partyOf('google'),
} as const;

const bodies = () =>
  company.db.query<{ body: Record<string, unknown> }>('select body from audiences.release');

it('a release tells who the recipient was, also when the register tells something else by now', async () => {
  await heldAt(company, 'google', TARO);
  const told = {
    recipient: 'google',
    destination: company.context.connectors.get('google')?.destination,
    terms: TERMS,
  };
  expect(await bodies()).toMatchObject([{ body: told }]);

  const by = { by: 'user:sato', at: company.clock.now };
  const off = { act: 'off', reason: 'moved' } as const;
  await changeSwitch(company.context.pool, { target: 'recipient', id: 'google' }, off, by);
  const moved = { ...TERMS, id: 'google', contractRef: 'another', party: partyOf('another') };
  await registerRecipient(company.context.pool, moved, by.by, by.at);
  expect(await bodies()).toMatchObject([{ body: told }]);
});
