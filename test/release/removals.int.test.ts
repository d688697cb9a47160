import { eventually } from '@kyoka/testing';
import { queryable } from '@kyoka/postgres';
import {
  changeSwitch,
  endAudience,
  readHoldings,
  readStops,
  type ReleaseContext,
} from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Company,
  HANA,
  heldAt,
  type Network,
  openCompany,
  openShared,
  pass,
  type Person,
  PROCESSING_MS,
  reportOf,
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

const disable = (network: Network) =>
  changeSwitch(
    company.context.pool,
    { target: 'recipient', id: network },
    { act: 'off', reason: 'contract ended' },
    {
      by: 'user:sato',
      destination: company.context.connectors.get(network)?.destination,
      at: company.clock.now,
    },
  );

describe('a suspension', () => {
  it.each([
    ['google', 'job_status'],
    ['meta', 'declared_time'],
  ] as const)('is carried through at %s, confirmed by %s', async (network, basis) => {
    const { taro } = await heldAt(company, network, TARO, HANA);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    const [open] = await readStops(company.db, [stop]);
    expect(open).toMatchObject({ kind: 'suspension', followed: true });
    expect(open?.removals).toHaveLength(2);
    for (const removal of open?.removals ?? []) {
      expect(removal).toMatchObject({ recipient: network, state: 'unconfirmed', subject: taro });
      expect(Date.parse(removal.until ?? '')).toBeGreaterThan(company.clock.now);
      expect(removal.sentAt).toBeDefined();
      expect(removal).not.toHaveProperty('confirmedAt');
    }
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const [ended] = await readStops(company.db, [stop]);
    for (const removal of ended?.removals ?? []) {
      expect(removal).toMatchObject({ state: 'confirmed', basis });
    }
    expect([company.held(network, TARO), company.held(network, HANA)]).toEqual([0, 1]);
    expect(await readHoldings(company.db, taro)).toEqual([]);
    expect([...new Set(await stepsOf(company, stop))]).toEqual([
      'removal_requested',
      'unconfirmed',
      'confirmed',
    ]);
  });

  it('of behavioural ads alone, by the switch of the person, is carried through as well', async () => {
    const { taro } = await heldAt(company, 'meta', TARO, HANA);
    const scope = { purposes: ['*'], channels: ['ads'] };
    const stop = await company.stop({ subjectId: taro }, { kind: 'ads_off', scope });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(await readStops(company.db, [stop])).toMatchObject([
      { followed: true, removals: [{ state: 'confirmed' }, { state: 'confirmed' }] },
    ]);
    expect([company.held('meta', TARO), company.held('meta', HANA)]).toEqual([0, 1]);
  });

  it('needs no removal where nothing was sent', async () => {
    const ids = await company.enter(TARO);
    const stop = await company.stop({ subjectId: ids.get('taro') as string });
    await settle(company.context);
    expect(await readStops(company.db, [stop])).toMatchObject([{ followed: true, removals: [] }]);
  });

  it('between the choice and the gate is refused there', async () => {
    const ids = await company.enter(TARO, HANA);
    const run = await company.run(await company.audience('google'));
    let stopped = false;
    const context: ReleaseContext = {
      ...company.context,
      guard: {
        ...company.context.guard,
        mark: async (tx) => {
          if (!stopped) await company.stop({ subjectId: ids.get('taro') as string });
          stopped = true;
          return company.context.guard.mark(tx);
        },
      },
    };
    await settle(context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.requests('google', 'add', TARO)).toBe(0);
    expect(company.held('google', HANA)).toBe(1);
    expect((await reportOf(company, run)).waterfall).toMatchObject({
      permitted: 2,
      stoppedAtGate: 1,
      sent: 1,
    });
  });
});

describe('a removal needs no permission', () => {
  it.each<[string, (audience: string) => Promise<unknown>]>([
    ['under a freeze', () => company.freeze()],
    ['for a disabled recipient', () => disable('google')],
    ['after the end of the audience', (id) => endAudience(company.context, id, 'user:sato')],
    [
      'after the policy was switched off',
      () =>
        changeSwitch(
          company.context.pool,
          { target: 'policy', id: 'almado@1' },
          { act: 'off', reason: 'new version' },
          { by: 'user:sato', at: company.clock.now },
        ),
    ],
  ])('%s', async (_, make) => {
    const { audience, taro } = await heldAt(company, 'google', TARO, HANA);
    await make(audience);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    expect(company.held('google', TARO)).toBe(0);
    expect((await readStops(company.db, [stop]))[0]?.removals.map(({ state }) => state)).toEqual([
      'confirmed',
      'confirmed',
    ]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['a freeze', () => company.freeze(), 'frozen'],
    ['a disabled recipient', () => disable('google'), 'recipient_disabled'],
  ])('while %s lets nothing new out, and leaves what is held', async (_, make, code) => {
    const { audience } = await heldAt(company, 'google', TARO);
    await company.enter(HANA);
    await make();
    const run = await company.run(audience);
    await settle(company.context);
    await pass(company, PROCESSING_MS, 5_000);
    expect((await reportOf(company, run)).waterfall).toMatchObject({ permitted: 0, sent: 0 });
    expect((await reportOf(company, run)).waterfall.minus.map((one) => one.code)).toContain(code);
    expect([company.held('google', TARO), company.held('google', HANA)]).toEqual([2, 0]);
  });
});

describe('people who share a contact point', () => {
  const sharer: Person = { ref: 'jiro', email: 'taro@example.jp', phone: '080-9999-8888' };

  it('are both taken out when one of them stops', async () => {
    const { taro } = await heldAt(company, 'google', TARO, sharer, HANA);
    const stop = await company.stop({ subjectId: taro });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const held = [TARO, sharer, HANA].map((person) => company.held('google', person));
    expect(held).toEqual([0, 0, 1]);
    expect((await readStops(company.db, [stop]))[0]?.removals).toHaveLength(4);
  });

  it('are taken out when a stop names the contact point only', async () => {
    await heldAt(company, 'google', TARO, sharer, HANA);
    await company.stop({ fold: company.vault.token('email', 'taro@example.jp') });
    await settle(company.context);
    await pass(company, 2 * PROCESSING_MS, 5_000);
    const held = [TARO, sharer, HANA].map((person) => company.held('google', person));
    expect(held).toEqual([0, 0, 1]);
  });

  it('are taken out when the shared contact point comes in long after the stop', async () => {
    const { ids } = await heldAt(company, 'google', HANA);
    const [, stopped] = [...(await company.enter({ ...TARO, ordered: false })).values(), ''];
    expect(stopped).toBe('');
    const rows = await company.db.query<{ subject_id: string }>(
      `select subject_id from permissions.v_subject where ref = 'taro'`,
    );
    const stop = await company.stop({ subjectId: rows[0]?.subject_id ?? '' });
    await settle(company.context);
    expect(company.held('google', HANA)).toBe(1);
    await company.addContact(ids.get('hana') as string, 'phone', '090-1234-5678');
    // Contacts are read up to the oldest transaction of the server, which may be another test's.
    await eventually('hana is taken out', async () => {
      await settle(company.context);
      await pass(company, 2 * PROCESSING_MS, 5_000);
      expect(company.held('google', HANA)).toBe(0);
    });
    expect((await readStops(company.db, [stop]))[0]?.removals).toMatchObject([
      { subject: ids.get('hana'), state: 'confirmed' },
    ]);
  });

  it('keep the contact point at the network when only one of them left the segment', async () => {
    const { ids } = await heldAt(company, 'google', TARO, { ...sharer, email: 'taro@example.jp' });
    await queryable(company.permissions).query(
      `delete from permissions.order_line where subject_id = $1`,
      [ids.get('taro')],
    );
    const [audience] = await company.db.query<{ id: string }>('select id from audiences.audience');
    await company.run(audience?.id ?? '');
    await settle(company.context);
    await pass(company, 5 * PROCESSING_MS, 5_000);
    expect(company.held('google', sharer)).toBe(2);
    expect(await readHoldings(company.db, ids.get('taro') as string)).toEqual([]);
  });
});
