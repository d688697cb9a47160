import { createSecretKey } from 'node:crypto';
import { metaConnector } from '@kyoka/connector-meta';
import { DAY, MINUTE } from '@kyoka/kernel';
import { changeSwitch, readStops, startRun, storedDecisions, workerSteps } from '@kyoka/release';
import { SANDBOX_CREDENTIALS, type Sandbox, startSandbox } from '@kyoka/sandbox';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import {
  bothSwitchOn,
  type Company,
  HANA,
  heldAt,
  KEN,
  openCompany,
  openShared,
  pass,
  PROCESSING_MS,
  reportOf,
  settle,
  type Shared,
  TARO,
} from './harness/index.js';

const META = { target: 'recipient', id: 'meta' } as const;

let shared: Shared;
let company: Company;
let folder: string;
let other: Sandbox;

beforeAll(async () => {
  shared = await openShared();
});
beforeEach(async () => {
  company = await openCompany(shared);
  folder = await mkdtemp(join(tmpdir(), 'kyoka-elsewhere-'));
  const clock = () => company.clock.now;
  other = await startSandbox({
    clock,
    folder,
    digestKey: (key) => key,
    timing: { googleProcessingMs: PROCESSING_MS, metaProcessingMs: PROCESSING_MS },
  });
});
afterEach(async () => {
  await company.close();
  await other.close();
  await rm(folder, { recursive: true, force: true });
});
afterAll(() => shared.close());

/** The company's parts from the day on which Meta is reached at another address or in another account. */
function moved(to: { readonly baseUrl?: string; readonly adAccountId?: string }) {
  const { token, appSecret, adAccountId } = SANDBOX_CREDENTIALS.meta;
  const meta = metaConnector({
    baseUrl: company.sandbox.urls.meta,
    adAccountId,
    token: async () => token,
    appSecret: createSecretKey(appSecret, 'utf8'),
    clock: () => company.clock.now,
    ...to,
  });
  const connectors = new Map(company.context.connectors).set('meta', meta);
  const addressOf = (network: string | null) => connectors.get(network ?? '')?.destination;
  const decide = storedDecisions(shared.policies, addressOf);
  return { context: { ...company.context, connectors, decide }, meta, addressOf };
}

const requestsAt = (sandbox: Sandbox) =>
  sandbox.journal.entries().filter((entry) => entry.kind === 'request').length;

it('a list is never looked for at another address: removals stay open, go overdue, and are sent once it is back', async () => {
  const { taro } = await heldAt(company, 'meta', TARO);
  const { context, meta } = moved({ baseUrl: other.urls.meta });
  const before = requestsAt(company.sandbox);
  const stop = await company.stop({ subjectId: taro });
  await settle(context);
  expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
    { state: 'unconfirmed' },
    { state: 'unconfirmed' },
  ]);
  await pass({ ...company, context }, 3 * DAY, DAY / 2);
  expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
    { state: 'overdue' },
    { state: 'overdue' },
  ]);
  expect([requestsAt(other), requestsAt(company.sandbox)]).toEqual([0, before]);
  await meta.close();

  await pass(company, MINUTE, 10_000);
  await pass(company, 2 * PROCESSING_MS, 5_000);
  expect(company.held('meta', TARO)).toBe(0);
  expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
    { state: 'confirmed' },
    { state: 'confirmed' },
  ]);
});

it.each([
  ['address', () => ({ baseUrl: other.urls.meta })],
  ['account', () => ({ adAccountId: '99' })],
])(
  'an add waits when only the %s has changed, also once it is switched on there',
  async (_, to) => {
    await company.enter(TARO, KEN);
    const audience = await company.audience('meta');
    await company.run(audience);
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    await company.enter(HANA);
    const { context, meta, addressOf } = moved(to());
    const before = requestsAt(company.sandbox);
    await company.run(audience);
    const { pool } = company.context;
    const off = { act: 'off', reason: 'moved' } as const;
    await changeSwitch(pool, META, off, { by: 'user:sato', at: company.clock.now });
    await bothSwitchOn(pool, META, meta.destination);
    await settle(context);
    expect([requestsAt(other), requestsAt(company.sandbox)]).toEqual([0, before]);
    expect([TARO, KEN].map((person) => company.held('meta', person))).toEqual([2, 1]);

    const again = { actor: 'user:sato', idempotencyKey: 'again' };
    await expect(startRun({ ...context, addressOf }, audience, again)).rejects.toMatchObject({
      code: 'conflict',
    });
    await meta.close();
  },
);

it('no list is made where nobody switched the recipient on, though people were chosen before', async () => {
  await company.enter(TARO);
  const run = await company.run(await company.audience('meta'));
  while (await workerSteps(company.context)['building']?.());
  expect((await reportOf(company, run)).waterfall.toAdd).toBe(1);
  const { context, meta } = moved({ baseUrl: other.urls.meta });
  await settle(context);
  expect(other.journal.entries()).toEqual([]);
  expect((await reportOf(company, run)).waterfall).toMatchObject({ stoppedAtGate: 1, sent: 0 });
  await meta.close();
});

it('another audience gets a list of its own at the new address, once two people switched it on for it', async () => {
  await heldAt(company, 'meta', TARO);
  const { context, meta, addressOf } = moved({ baseUrl: other.urls.meta });
  const next = await company.audience('meta');
  const run = (idempotencyKey: string) =>
    startRun({ ...context, addressOf }, next, { actor: 'user:sato', idempotencyKey });
  await run('switched on for the old address');
  await settle(context);
  expect(requestsAt(other)).toBe(0);

  const { pool } = company.context;
  const off = { act: 'off', reason: 'moved' } as const;
  await changeSwitch(pool, META, off, { by: 'user:sato', at: company.clock.now });
  await bothSwitchOn(pool, META, meta.destination);
  await pass({ ...company, context }, PROCESSING_MS, 5_000);
  await run('switched on for the new one');
  await settle(context);
  await pass({ ...company, context }, PROCESSING_MS, 5_000);
  expect(other.lists()).toHaveLength(1);
  expect(other.lists()[0]?.members).toHaveLength(2);
  expect(company.held('meta', TARO)).toBe(2);
  await meta.close();
});
