import {
  changeSwitch,
  readSwitch,
  registerRecipient,
  type ReleaseContext,
  type SwitchTarget,
} from '@kyoka/release';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  bothSwitchOn,
  type Company,
  TARO,
  openCompany,
  openShared,
  partyOf,
  reportOf,
  settle,
  type Shared,
} from './harness/index.js';

const GOOGLE: SwitchTarget = { target: 'recipient', id: 'google' };
const ELSEWHERE = 'https://datamanager.example#1';

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

const act = (
  by: string,
  change: Parameters<typeof changeSwitch>[2],
  {
    target = GOOGLE,
    destination = company.context.connectors.get('google')?.destination,
  }: { target?: SwitchTarget; destination?: string } = {},
) => changeSwitch(company.context.pool, target, change, { by, destination, at: company.clock.now });

const off = { act: 'off', reason: 'contract ended' } as const;
const requestOn = { act: 'request_on', reason: 'contract signed' } as const;

describe('a switch', () => {
  it('goes off by one person, and on by a request and the approval of another', async () => {
    await act('user:sato', off);
    expect(await readSwitch(company.context.pool, GOOGLE)).toMatchObject({ state: 'off' });
    const asked = await act('user:sato', requestOn);
    expect(asked).toMatchObject({ state: 'off', pending: { requestedBy: 'user:sato' } });
    const approve = { act: 'approve_on', request: asked.pending?.request ?? '' } as const;
    await expect(act('user:sato', approve)).rejects.toMatchObject({ code: 'not_permitted' });
    expect(await act('user:tanaka', approve)).toMatchObject({
      state: 'on',
      requestedBy: 'user:sato',
      approvedBy: 'user:tanaka',
    });
    await expect(act('user:sato', requestOn)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('is not approved by a request that no longer stands', async () => {
    await act('user:sato', off);
    const first = await act('user:sato', requestOn);
    await act('user:mori', requestOn);
    const approve = { act: 'approve_on', request: first.pending?.request ?? '' } as const;
    await expect(act('user:tanaka', approve)).rejects.toMatchObject({ code: 'conflict' });
    await act('user:sato', off);
    await expect(act('user:tanaka', approve)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('of a recipient nobody registered is not found', async () => {
    const target = { target: 'recipient', id: 'nobody' } as const;
    await expect(act('user:sato', requestOn, { target })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('is not approved for another address than the one that was asked for', async () => {
    await act('user:sato', off);
    const asked = await act('user:sato', requestOn);
    const approve = { act: 'approve_on', request: asked.pending?.request ?? '' } as const;
    await expect(act('user:tanaka', approve, { destination: ELSEWHERE })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('whom a record of provision has to name', () => {
  const target = { target: 'recipient', id: 'newcomer' } as const;
  const register = (terms: Partial<Parameters<typeof registerRecipient>[1]>) =>
    registerRecipient(
      company.context.pool,
      { id: target.id, kind: 'other', items: ['hashed_email'], ...terms },
      'user:sato',
      company.clock.now,
    );

  it.each(['consent', 'opt_out_filed'] as const)(
    'on the basis %s a recipient is not asked for before its party is registered',
    async (basis) => {
      await register({ basis });
      await expect(act('user:sato', requestOn, { target })).rejects.toMatchObject({
        code: 'conflict',
        faults: [{ field: 'party' }],
      });
      expect(await readSwitch(company.context.pool, target)).toEqual({
        id: target.id,
        state: 'off',
      });
      await register({ basis, party: partyOf('newcomer') });
      expect(await act('user:sato', requestOn, { target })).toHaveProperty('pending');
    },
  );

  it.each(['processor', 'joint_use'] as const)(
    'on the basis %s there is no such record, and none to name',
    async (basis) => {
      await register({ basis });
      expect(await act('user:sato', requestOn, { target })).toHaveProperty('pending');
    },
  );
});

describe('what is switched off lets nothing out', () => {
  async function refusalOf(): Promise<string[]> {
    await company.enter(TARO);
    const run = await company.run(await company.audience('google'));
    await settle(company.context);
    expect(company.requests('google', 'add', TARO)).toBe(0);
    return (await reportOf(company, run)).waterfall.minus.map(({ code }) => code);
  }

  it('a recipient', async () => {
    await act('user:sato', off);
    expect(await refusalOf()).toContain('recipient_disabled');
  });

  it('a recipient that was switched on for another address', async () => {
    await act('user:sato', off);
    await bothSwitchOn(company.context.pool, GOOGLE, ELSEWHERE);
    expect(await refusalOf()).toContain('recipient_disabled');
  });

  it('a policy', async () => {
    await act('user:sato', off, { target: { target: 'policy', id: 'almado@1' } });
    expect(await refusalOf()).toContain('unknown_policy');
  });
});

describe('between the decision of the gate and its commit', () => {
  /** The company's parts, with something that happens once, after the gate has decided. */
  function interrupted(happens: () => Promise<unknown>): ReleaseContext {
    const { guard } = company.context;
    let happened: Promise<unknown> | undefined;
    return {
      ...company.context,
      guard: {
        ...guard,
        async close(tx) {
          await (happened ??= happens());
          await guard.close(tx);
        },
      },
    };
  }

  it.each<[string, () => Promise<unknown>]>([
    ['a recipient is switched off', () => act('user:sato', off)],
    [
      'a policy is switched off',
      () => act('user:sato', off, { target: { target: 'policy', id: 'almado@1' } }),
    ],
    ['everything is frozen', () => company.freeze()],
  ])('%s: the gate decides again and lets nobody pass', async (_, happens) => {
    await company.enter(TARO);
    const run = await company.run(await company.audience('google'));
    await settle(interrupted(happens));
    expect(company.requests('google', 'add', TARO)).toBe(0);
    expect((await reportOf(company, run)).waterfall).toMatchObject({
      permitted: 1,
      stoppedAtGate: 1,
      sent: 0,
    });
  });
});

describe('while a long transaction writes elsewhere', () => {
  it('the gate passes, although what was switched off and on again is newer than it', async () => {
    const elsewhere = company.permissions.createQueryRunner();
    await elsewhere.startTransaction();
    await elsewhere.query('select pg_current_xact_id()');
    const policy = { target: 'policy', id: 'almado@1' } as const;
    await act('user:sato', off, { target: policy });
    await bothSwitchOn(company.context.pool, policy);
    await company.enter(TARO);
    await company.run(await company.audience('google'));
    await settle(company.context);
    await elsewhere.rollbackTransaction();
    await elsewhere.release();
    expect(company.requests('google', 'add', TARO)).toBe(1);
  });
});

it('a policy version goes live by the file that was asked for, and is frozen from then on', async () => {
  const target: SwitchTarget = { target: 'policy', id: 'other@1' };
  const change = (by: string, what: Parameters<typeof changeSwitch>[2], sha256: string) => {
    const file = { name: 'other.yaml', text: `policy: ${sha256}`, sha256 };
    return changeSwitch(company.context.pool, target, what, { by, file, at: company.clock.now });
  };
  const asked = await change('user:sato', requestOn, 'a');
  const approve = { act: 'approve_on', request: asked.pending?.request ?? '' } as const;
  await expect(change('user:tanaka', approve, 'b')).rejects.toMatchObject({ code: 'conflict' });
  expect(await change('user:tanaka', approve, 'a')).toMatchObject({ state: 'on' });
  for (const sha256 of ['a', 'b']) {
    await expect(change('user:sato', requestOn, sha256)).rejects.toMatchObject({
      code: 'conflict',
    });
  }
  await change('user:sato', off, 'a');
  await expect(change('user:sato', requestOn, 'b')).rejects.toMatchObject({ code: 'conflict' });
  expect(await change('user:sato', requestOn, 'a')).toMatchObject({ state: 'off' });
});

it('a policy that went live before files were kept, or whose file is gone, is not taken off by a request', async () => {
  const target: SwitchTarget = { target: 'policy', id: 'older@1' };
  await bothSwitchOn(company.context.pool, target);
  const by = { by: 'user:sato', at: company.clock.now };
  const file = { name: 'older.yaml', text: 'policy:', sha256: 'a' };
  await expect(
    changeSwitch(company.context.pool, target, requestOn, { ...by, file }),
  ).rejects.toMatchObject({ code: 'conflict' });
  expect(await readSwitch(company.context.pool, target)).toMatchObject({ state: 'on' });
});
