import { permissionsServices, PoliciesInForce } from '@kyoka/edge';
import { changeSwitch, registerRecipient } from '@kyoka/release';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AUDITOR } from '../past/past-company.js';
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

it('the decision of a release is told from its row, with the files that it was taken by', async () => {
  const [release] = await company.db.query<{ id: string; subject_id: string }>(
    'select id, subject_id from audiences.release',
  );
  const { permissions, vault, clock } = company;
  const { policies } = shared;
  const { decisions } = permissionsServices({
    permissions,
    policies,
    vault,
    inForce: new PoliciesInForce(company.db, policies),
    clock: () => clock.now,
  } as Parameters<typeof permissionsServices>[0]);
  const hashOf = (name: string) => policies.files.get(name)?.sha256;
  expect(await decisions.read(release?.id ?? '', AUDITOR)).toMatchObject({
    id: release?.id,
    kind: 'release',
    subject: release?.subject_id,
    allowed: true,
    policy: 'almado@1',
    request: { purpose: 'ad_matching', channel: 'ads', recipient: 'google' },
    recipient: { ...TERMS, id: 'google' },
    basis: 'consent',
    files: {
      'almado@1': hashOf('almado@1'),
      'jp-2022': hashOf('jp-2022'),
      'source-contract:store': hashOf('source-contract:store'),
    },
  });
});
