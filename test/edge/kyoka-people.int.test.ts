import type { DecidedUse } from '@kyoka/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka, kyokaText } from './kyoka.js';
import { idOf, member, post } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  const twins = [{ kind: 'email', value: 'twins@example.jp' }] as const;
  await post(harness.ask, [
    ...member('single', [{ kind: 'phone', value: '090-1234-5678' }]),
    ...member('twin-a', twins),
    ...member('twin-b', twins),
    ...member('stopped', [{ kind: 'email', value: 'stopped@example.jp' }]),
  ]);
});
afterAll(() => harness.close());

describe('kyoka explain', () => {
  it('tells everything of a subject, by id, by reference, and by contact from standard input', async () => {
    const id = await idOf(harness.ask, 'single');
    for (const ran of [
      await kyoka(harness, ['explain', id]),
      await kyoka(harness, ['explain', 'store/single']),
      await kyoka(harness, ['explain'], { input: ['+81 90 1234 5678'] }),
      await kyoka(harness, ['explain', '-'], { input: ['{"kind":"phone","value":"09012345678"}'] }),
    ]) {
      expect(ran.code).toBe(0);
      expect(ran.out).toEqual([
        expect.objectContaining({ id, source: 'store', ref: 'single', category: 'member' }),
      ]);
      expect(ran.text).not.toMatch(/1234.?5678/);
    }
  });

  it('tells of every purpose on every channel whether it may be used, and why', async () => {
    const { out } = await kyoka(harness, ['explain', 'store/single']);
    const decisions = out[0]?.['decisions'] as DecidedUse[];
    const of = (purpose: string, channel: string, recipient?: string) =>
      decisions.filter(
        (one) => one.purpose === purpose && one.channel === channel && one.recipient === recipient,
      );
    expect(of('order', 'sms')).toMatchObject([
      { allowed: true, basis: 'policy_clause', source: 'store' },
    ]);
    expect(of('info_product', 'sms')[0]?.reasons?.map(({ code }) => code)).toEqual([
      'consent_missing',
    ]);
    const [dm] = of('info_product', 'dm');
    expect(dm).toMatchObject({ allowed: false, policy: POLICY });
    expect(dm?.reasons?.map(({ code }) => code)).toContain('contact_missing');
    expect(of('ad_matching', 'ads', 'google')).toMatchObject([{ allowed: false }]);
    expect(of('leak_notice', 'sms')).toMatchObject([{ allowed: true, basis: 'duty' }]);
    const uses = decisions.map((one) => [one.policy, one.purpose, one.channel, one.recipient]);
    expect(new Set(uses.map((use) => use.join())).size).toBe(uses.length);
    for (const one of decisions) {
      expect(one.allowed ? one.basis : one.reasons?.[0]?.rule).toBeTruthy();
    }
  });

  it('shows the same as a table, and what was decided before the person was known', async () => {
    const table = await kyokaText(harness, ['explain', 'store/single', '--table']);
    expect(table).toMatch(/almado@1 +order +sms +yes +policy_clause store/);
    expect(table).toMatch(/almado@1 +info_product +dm +no +.*contact_missing/);
    const then = await kyoka(harness, [
      'explain',
      'store/single',
      '--at',
      '2026-01-01T00:00:00+09:00',
    ]);
    expect(then.out).toMatchObject([{ decidedAt: expect.stringContaining('T'), decisions: [] }]);
    expect((await kyoka(harness, ['explain', 'store/single', '--at', 'soon'])).code).toBe(1);
  });

  it('lists the ids where there are several or none, a line for each line', async () => {
    const input = ['twins@example.jp', '', 'nobody@example.jp'];
    const { code, out, text } = await kyoka(harness, ['explain'], { input });
    expect(code).toBe(0);
    const ids = [await idOf(harness.ask, 'twin-a'), await idOf(harness.ask, 'twin-b')];
    expect(out).toEqual([{ subjects: expect.arrayContaining(ids) as string[] }, { subjects: [] }]);
    expect(text).not.toContain('example.jp');
  });

  it('refuses a line that names nobody, with its number, and goes on', async () => {
    const input = ['taro', 'store/single', '3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21'];
    const { code, out, text } = await kyoka(harness, ['explain'], { input });
    expect(code).toBe(1);
    expect(out).toMatchObject([
      { line: 1, status: 'refused', code: 'bad_input' },
      { ref: 'single' },
      { line: 3, status: 'refused', code: 'not_found' },
    ]);
    expect(text).not.toContain('taro');
  });

  it('says that the token is not valid, once', async () => {
    const ran = await kyoka(harness, ['explain', 'store/single', 'store/twin-a'], {
      token: 'kyoka_wrong',
    });
    expect([ran.code, ran.out]).toEqual([
      1,
      [expect.objectContaining({ status: 'refused', code: 'unauthenticated' })],
    ]);
  });
});

describe('kyoka suspend', () => {
  it('suspends everything of a subject, or what it is narrowed to', async () => {
    const narrow = ['--purpose', 'info_product', '--channel', 'email', 'sms'];
    expect(await kyoka(harness, ['suspend', 'store/twin-a', ...narrow])).toMatchObject({
      code: 0,
      out: [{ scope: { purposes: ['info_product'], channels: ['email', 'sms'] } }],
    });
    const { code, out } = await kyoka(harness, ['suspend', 'store/stopped']);
    expect([code, out]).toEqual([
      0,
      [
        expect.objectContaining({
          kind: 'suspension',
          subjects: [await idOf(harness.ask, 'stopped')],
          scope: { purposes: ['*'], channels: ['*'] },
        }),
      ],
    ]);
  });

  it('suspends a contact point from standard input, also one that nobody has yet', async () => {
    const { code, out, text } = await kyoka(harness, ['suspend'], {
      input: ['Single.New@example.jp'],
    });
    expect([code, out.length, out[0]?.['subjects']]).toEqual([0, 1, []]);
    expect(text.toLowerCase()).not.toContain('single.new');
  });

  it('refuses a channel that is none', async () => {
    const ran = await kyoka(harness, ['suspend', 'store/single', '--channel', 'fax']);
    expect(ran).toMatchObject({ code: 1, out: [{ status: 'refused', code: 'bad_input' }] });
  });
});

describe('kyoka freeze and lift', () => {
  it('freezes, and lifts by the role that set it only', async () => {
    const frozen = await kyoka(harness, ['freeze', '--channel', 'sms', '--reason', 'a leak']);
    expect(frozen).toMatchObject({
      code: 0,
      out: [{ scope: { purposes: ['*'], channels: ['sms'] }, setBy: 'user:sato' }],
    });
    const id = String(frozen.out[0]?.['id']);
    expect((await kyoka(harness, ['freezes'])).out).toEqual(frozen.out);
    const words = ['lift', id, '--reason', 'over'];
    const token = await harness.tokenOf('service:robot', ['freezes:write']);
    expect(await kyoka(harness, words, { token })).toMatchObject({
      code: 1,
      out: [{ status: 'refused', code: 'not_permitted' }],
    });
    expect(await kyoka(harness, words)).toMatchObject({ code: 0, out: [{ endedBy: 'user:sato' }] });
    expect(await kyoka(harness, words)).toMatchObject({ code: 1, out: [{ code: 'conflict' }] });
  });

  it('lifts no stop of a person, by subject or suspension, and names what would', async () => {
    const { out } = await kyoka(harness, ['suspend', 'store/twin-b']);
    for (const [words, input] of [
      [['store/twin-b'], []],
      [[await idOf(harness.ask, 'twin-b')], []],
      [[String(out[0]?.['id'])], []],
      [[], ['twins@example.jp']],
    ] as [string[], string[]][]) {
      const ran = await kyoka(harness, ['lift', ...words, '--reason', 'x'], { input });
      expect(ran.code).toBe(1);
      expect(ran.out).toMatchObject([{ line: 1, status: 'refused', code: 'not_permitted' }]);
      const faults = ran.out[0]?.['faults'] as { field: string; expected: string }[];
      expect(faults.map(({ expected }) => expected)).toContain('the person, by a confirmed lift');
    }
    expect(await kyoka(harness, ['lift', 'store/single', '--reason', 'x'])).toMatchObject({
      code: 1,
      out: [{ code: 'conflict' }],
    });
  });
});
