import type { Json } from '@kyoka/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Draft, NOW, plain } from './harness.js';
import { at, openSomebody, type Somebody } from './somebody.js';

let one: Somebody;

beforeAll(async () => {
  one = await openSomebody();
});
afterAll(() => one.close());
beforeEach(() => one.next());

describe('a stop is never lost to strictness', () => {
  const cases: [string, () => Draft, unknown][] = [
    ['unknown purpose', () => ({ ...withdrawal('j1', { purpose: 'horoscopes' }) }), 'stop_widened'],
    ['unknown channel', () => ({ ...withdrawal('j2', { channels: ['pigeon'] }) }), 'stop_widened'],
    [
      'unreadable time',
      () => one.suspension(`j3-${one.counter}`, { occurredAt: 'soon' }),
      'stop_widened',
    ],
    [
      'unknown policy version',
      () => withdrawal('j4', { policyVersion: 'almado@9' }),
      'stop_widened',
    ],
    [
      'a contact that is a digest',
      () =>
        one.suspension(`j5-${one.counter}`, {
          contacts: [{ kind: 'email', value: 'b'.repeat(64) }],
        }),
      'stop_widened',
    ],
    [
      'no scope at all',
      () => ({ ...one.suspension(`j6-${one.counter}`), data: { subject: one.subject() } }),
      'stop_widened',
    ],
  ];
  const withdrawal = (id: string, more: Record<string, Json>): Draft => ({
    type: 'consent.withdrawn',
    id: `${id}-${one.counter}`,
    data: {
      subject: one.subject(),
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: at,
      ...more,
    },
  });

  it.each(cases)(
    '%s: applied as wide as it can be read, and parked',
    async (_why, draft, reason) => {
      await one.outcomes(plain(one.grant(`j-${one.counter}`)));
      expect(await one.outcomes(plain(draft()))).toEqual([reason]);
      const after = await one.state();
      const stopped =
        (after['stops'] as unknown[]).length > 0 ||
        (after['permissions'] as { state: string }[]).every((one) => one.state === 'withdrawn');
      expect(stopped).toBe(true);
      const [parked] = await one.harness.db.query<{ applied: boolean }>(
        'select applied from intake.parked where applied order by arrived_at desc limit 1',
      );
      expect(parked?.applied).toBe(true);
    },
  );

  it('one for somebody unknown waits and applies when they appear', async () => {
    expect(
      await one.outcomes(
        plain({
          ...one.suspension(`k1-${one.counter}`),
          data: {
            contacts: [{ kind: 'email', value: one.email }],
            scope: { purposes: ['*'], channels: ['*'] },
            occurredAt: at,
          },
        }),
      ),
    ).toEqual(['accepted']);
    await one.outcomes(plain(one.grant(`k2-${one.counter}`)));
    expect((await one.state())['stops']).toMatchObject([
      { kind: 'suspension', through: 'contact_point' },
    ]);
  });

  it('one dated ahead counts from its arrival', async () => {
    await one.outcomes(
      plain(one.suspension(`l-${one.counter}`, { occurredAt: '2030-01-01T00:00:00+09:00' })),
    );
    expect((await one.state())['stops']).toMatchObject([{ at: new Date(NOW).toISOString() }]);
  });

  it('reaches who shares the folded address, one step and no further', async () => {
    const gmail = (local: string) => [{ kind: 'email', value: `${local}@gmail.com` }];
    const other = (id: string, contacts: Json) =>
      plain(
        one.grant(`${id}-${one.counter}`, {
          subject: { source: 'store', ref: `${id}-${one.counter}` },
          contacts,
        }),
      );
    const local = `ab${one.counter}`;
    await one.outcomes(
      plain(one.grant(`m-${one.counter}`, { contacts: gmail(`a.b${one.counter}+shop`) })),
      other('n', [...gmail(local), { kind: 'phone', value: '090-1234-5678' }]),
      other('o', [{ kind: 'phone', value: '09012345678' }]),
      plain(one.suspension(`p-${one.counter}`)),
    );
    const states = (await one.harness.states()) as Record<string, { stops: unknown[] }>;
    expect(states[`store/n-${one.counter}`]?.stops).toMatchObject([
      { kind: 'suspension', through: 'contact_point' },
    ]);
    expect(states[`store/o-${one.counter}`]?.stops).toEqual([]);
  });
});
