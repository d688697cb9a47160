import type { ReleaseContext, RunReport } from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  TARO,
  HANA,
  KEN,
  openCompany,
  openShared,
  pass,
  PROCESSING_MS,
  reportOf,
  settle,
  type Shared,
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

/** What has to hold of every finished run, in people. */
function expectToAddUp({ waterfall }: RunReport): void {
  const refused = waterfall.minus.reduce((sum, { people }) => sum + people, 0);
  expect(waterfall.segment).toBe(refused + waterfall.permitted);
  expect(waterfall.permitted).toBe(waterfall.unchanged + waterfall.toAdd);
  expect(waterfall.toAdd).toBe(waterfall.stoppedAtGate + waterfall.sent);
  expect(waterfall.sent).toBe(waterfall.accepted + waterfall.refusedByNetwork + waterfall.unknown);
}

const refusalsOf = (run: string) =>
  company.db.query<{ persons: number; by_reason: Record<string, number> }>(
    'select persons, by_reason from audiences.gate_refusal where run_id = $1',
    [run],
  );

/** The company's parts, with something that happens once, at the moment the gate begins to decide. */
function interrupted(happens: () => Promise<unknown>): ReleaseContext {
  const { guard } = company.context;
  let happened: Promise<unknown> | undefined;
  return {
    ...company.context,
    guard: {
      ...guard,
      async mark(tx) {
        await (happened ??= happens());
        return guard.mark(tx);
      },
    },
  };
}

describe('a waterfall adds up', () => {
  it('over reasons, what was there, the gate and the network', async () => {
    const ids = await company.enter(
      TARO,
      HANA,
      KEN,
      { ref: 'no-consent', email: 'no-consent@example.jp', consents: [] },
      { ref: 'stopped', email: 'stopped@example.jp' },
    );
    await company.stop({ subjectId: ids.get('stopped') as string });
    const audience = await company.audience('google');
    const first = await company.run(audience);
    await settle(company.context);
    await pass(company, PROCESSING_MS, 5_000);
    const more = await company.enter(
      { ref: 'new', email: 'new@example.jp' },
      { ref: 'late', email: 'late@example.jp' },
      { ref: 'bad', email: 'bad@example.jp' },
    );
    const second = await company.run(audience);
    company.sandbox.faults.add({ network: 'google', op: 'add', kind: 'bad_record', index: 1 });
    await settle(interrupted(() => company.stop({ subjectId: more.get('late') as string })));
    await pass(company, 2 * PROCESSING_MS, 5_000);

    const before = await reportOf(company, first);
    expect(before.waterfall).toMatchObject({ segment: 5, permitted: 3, unchanged: 0, accepted: 3 });
    expectToAddUp(before);
    const after = await reportOf(company, second);
    expect(after.waterfall).toMatchObject({
      segment: 8,
      permitted: 6,
      unchanged: 3,
      toAdd: 3,
      stoppedAtGate: 1,
      sent: 2,
      accepted: 1,
      refusedByNetwork: 1,
    });
    expectToAddUp(after);
  });

  it('where a stop takes a chosen person out before the gate sees them', async () => {
    const ids = await company.enter(TARO, HANA);
    const audience = await company.audience('google');
    company.sandbox.faults.add({ network: 'google', op: 'list', kind: '500' });
    const run = await company.run(audience);
    await settle(company.context);
    await company.stop({ subjectId: ids.get('taro') as string });
    await settle(company.context);
    await pass(company, 60_000, 10_000);
    const report = await reportOf(company, run);
    expect(report.waterfall).toMatchObject({ permitted: 2, stoppedAtGate: 1, sent: 1 });
    expectToAddUp(report);
    expect(await refusalsOf(run)).toEqual([
      { persons: 1, by_reason: { suppressed_suspension: 1 } },
    ]);
  });

  it('where nobody knows what the network did', async () => {
    await company.enter(TARO, HANA);
    company.sandbox.faults.add({ network: 'meta', op: 'add', kind: 'cut_after' });
    const run = await company.run(await company.audience('meta'));
    await settle(company.context);
    const report = await reportOf(company, run);
    expect(report.waterfall).toMatchObject({ sent: 2, accepted: 0, unknown: 2 });
    expectToAddUp(report);
  });

  it('by every reason of a person and by the first one', async () => {
    await company.enter(TARO, {
      ref: 'both',
      email: 'both@example.jp',
      category: 'no-such-category',
      consents: [],
    });
    const run = await company.run(await company.audience('google'));
    await settle(company.context);
    const report = await reportOf(company, run);
    const { minus } = report.waterfall;
    expect(minus.reduce((sum, { people }) => sum + people, 0)).toBe(1);
    expect(minus.length).toBeGreaterThan(1);
    expect(minus.every(({ withAny }) => withAny === 1)).toBe(true);
    expectToAddUp(report);
  });
});

describe('what the gate refuses', () => {
  it('is counted by reason', async () => {
    const ids = await company.enter(TARO, HANA, KEN);
    const run = await company.run(await company.audience('google'));
    await settle(
      interrupted(async () => {
        await company.stop({ subjectId: ids.get('taro') as string });
        await company.stop({ subjectId: ids.get('hana') as string }, { kind: 'withdrawal' });
      }),
    );
    expect(await refusalsOf(run)).toEqual([
      { persons: 2, by_reason: { suppressed_suspension: 1, consent_withdrawn: 1 } },
    ]);
    expectToAddUp(await reportOf(company, run));
  });

  it('counts somebody once whose contact points no one request may carry', async () => {
    const ids = await company.enter(TARO);
    const audience = await company.audience('google');
    await company.db.query('update audiences.audience set add_limit = 1 where id = $1', [audience]);
    const run = await company.run(audience);
    await settle(interrupted(() => company.stop({ subjectId: ids.get('taro') as string })));
    expect(await refusalsOf(run)).toEqual([
      { persons: 1, by_reason: { suppressed_suspension: 1 } },
    ]);
    expectToAddUp(await reportOf(company, run));
  });
});
