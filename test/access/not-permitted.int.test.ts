import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { eventOf, member, post } from '../edge/people.js';

let harness: Harness;
let asker: string;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  await post(harness.ask, [
    ...member('allowed', [{ kind: 'email', value: 'allowed@example.jp' }]),
    ...member('stopped', [{ kind: 'email', value: 'stopped@example.jp' }]),
    eventOf('stopped', 'suspension.requested', {
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-02-01T00:00:00+09:00',
    }),
  ]);
  asker = await harness.tokenOf('service:mailer', ['decisions:ask']);
});
afterAll(() => harness.close());

const ask = (subject: object, token: string) =>
  harness.ask('/v1/decisions', {
    body: { policy: POLICY, subject, request: { purpose: 'info_product', channel: 'email' } },
    token,
  });
const byEmail = (value: string) => ({ contact: { kind: 'email', value } });
const NOBODY = byEmail('nobody@example.jp');
const STOPPED = byEmail('stopped@example.jp');

/** How many statements the service sends for a question. */
async function statementsFor(subject: object): Promise<number> {
  const sent: number[] = [];
  const { permissions } = harness.summary;
  const { createQueryRunner } = permissions;
  permissions.createQueryRunner = (...given) => {
    const runner = createQueryRunner.apply(permissions, given);
    const { query } = runner;
    runner.query = ((...statement: Parameters<typeof query>) => {
      sent.push(1);
      return query.apply(runner, statement);
    }) as typeof query;
    return runner;
  };
  try {
    await ask(subject, asker);
  } finally {
    permissions.createQueryRunner = createQueryRunner;
  }
  return sent.length;
}

it('by contact, who may not read about people is refused in the same bytes for whatever reason', async () => {
  const expected = '{"allowed":false,"reasons":[{"code":"not_permitted"}]}';
  for (const subject of [NOBODY, STOPPED, byEmail('no address')]) {
    expect((await ask(subject, asker)).text).toBe(expected);
  }
  expect((await ask(byEmail('allowed@example.jp'), asker)).json()).toMatchObject({ allowed: true });
});

it('who may read about people is told why', async () => {
  const reasons = async (subject: object) =>
    (await ask(subject, harness.tokens.sato))
      .json<{ reasons: { code: string }[] }>()
      .reasons.map(({ code }) => code);
  expect(await reasons(NOBODY)).toContain('unknown_subject');
  expect(await reasons(STOPPED)).toContain('suppressed_suspension');
});

it('the work is the same for somebody unknown as for somebody stopped', async () => {
  await statementsFor(NOBODY);
  const unknown = await statementsFor(NOBODY);
  expect(unknown).toBeGreaterThan(3);
  expect(await statementsFor(STOPPED)).toBe(unknown);
});

it('a suspension by contact tells who may not read about people nothing of whose it is', async () => {
  const token = await harness.tokenOf('service:desk', ['suspensions:write']);
  const body = {
    contacts: [{ kind: 'email', value: 'allowed@example.jp' }],
    scope: { purposes: ['info_product'], channels: ['email'] },
  };
  const asked = await harness.ask('/v1/suspensions', { body, token });
  const { id, subjects } = asked.json<{ id: string; subjects: string[] }>();
  expect(subjects).toEqual([]);
  const read = async (as?: string) =>
    (await harness.ask(`/v1/suspensions/${id}`, as === undefined ? {} : { token: as })).json();
  expect(await read(token)).toMatchObject({ id, subjects: [] });
  expect(await read()).toMatchObject({ id, subjects: [expect.any(String)] });
});
