import { randomUUID } from 'node:crypto';
import { raiseLifts } from '@kyoka/permission-store';
import { inTransaction } from '@kyoka/postgres';
import { readStops } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  type Company,
  heldAt,
  openCompany,
  openShared,
  pass,
  PROCESSING_MS,
  settle,
  type Shared,
  stepsOf,
  TARO,
} from './harness/index.js';

let shared: Shared;
let company: Company;

beforeAll(async () => {
  shared = await openShared();
});
beforeEach(async () => {
  company = await openCompany(shared);
});
afterEach(() => company.close());
afterAll(() => shared.close());

const removalsOf = async (stop: string) =>
  (await readStops(company.db, [stop]))[0]?.removals.map(({ recipient }) => recipient);

async function settled() {
  await settle(company.context);
  await pass(company, 2 * PROCESSING_MS, 5_000);
}

/** The same person's confirmed act that ends every suspension of theirs. */
const lift = (subjectId: string) =>
  inTransaction(company.permissions, (tx) =>
    raiseLifts(tx, [
      {
        origin: { subjectId },
        kind: 'lift',
        purpose: '*',
        channel: '*',
        at: company.clock.now,
        evidenceId: 'lifted',
        actor: 'subject',
        entry: randomUUID(),
      },
    ]),
  );

it('a suspension that was lifted is told nothing of a removal that another stop asked for', async () => {
  const { taro } = await heldAt(company, 'google', TARO);
  const suspension = await company.stop({ subjectId: taro });
  company.clock.now += 1_000;
  await lift(taro);
  company.clock.now += 1_000;
  const withdrawal = await company.stop({ subjectId: taro }, { kind: 'withdrawal' });
  await settled();
  expect(await removalsOf(withdrawal)).toEqual(['google', 'google']);
  expect(await removalsOf(suspension)).toEqual([]);
  expect(await stepsOf(company, suspension)).toEqual([]);
});

it.each([
  ['of another channel', { channels: ['email'] }],
  ['of another purpose', { purposes: ['info_product'] }],
  ['at another recipient', { recipients: ['meta'] }],
])('a stop %s is told nothing of the removal at google', async (_, scope) => {
  const { taro } = await heldAt(company, 'google', TARO);
  const narrow = await company.stop({ subjectId: taro }, { kind: 'withdrawal', scope });
  const wide = await company.stop({ subjectId: taro });
  await settled();
  expect(await removalsOf(wide)).toEqual(['google', 'google']);
  expect(await removalsOf(narrow)).toEqual([]);
});

it('a withdrawal at a group of recipients is told of the removal at one of them', async () => {
  const { taro } = await heldAt(company, 'google', TARO);
  const stop = await company.stop(
    { subjectId: taro },
    {
      kind: 'withdrawal',
      scope: { purposes: ['ad_matching'], channels: ['ads'], recipients: ['ad_networks'] },
    },
  );
  await settled();
  expect(await removalsOf(stop)).toEqual(['google', 'google']);
});
