import { createClient, type KyokaClient } from '@kyoka/client';
import { HOUR, SECOND } from '@kyoka/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chooseWhom } from '../../docs/examples/client/choose-whom.js';
import { mayWrite } from '../../docs/examples/client/may-write.js';
import { stopEverything } from '../../docs/examples/client/stop-everything.js';
import { withdraw } from '../../docs/examples/client/withdraw.js';
import { type Harness, openHarness, POLICY } from './harness.js';
import { member } from './people.js';

let harness: Harness;
let kyoka: KyokaClient;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  kyoka = createClient({ url: harness.url, token: harness.tokens.sato });
  for (const ref of ['client-1', 'client-2']) {
    const events = member(ref, [{ kind: 'email', value: `${ref}@example.jp` }]);
    const answers = await kyoka.publish(events as never);
    expect(answers.map(({ outcome }) => outcome)).toEqual(events.map(() => 'accepted'));
  }
});
afterAll(() => harness.close());

it('the examples do what they say, one after another', async () => {
  expect(await mayWrite(kyoka, 'client-1')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await mayWrite(kyoka, 'nobody')).toBeUndefined();
  expect(await chooseWhom(kyoka, ['client-1', 'client-2', 'nobody'])).toEqual({
    chosen: ['client-1', 'client-2'],
    refused: { unknown_subject: 1 },
  });

  const act = { id: 'w-1', ref: 'client-2', at: new Date(Date.now() - SECOND).toISOString() };
  expect(await withdraw(kyoka, act)).toBe('accepted');
  expect(await withdraw(kyoka, act)).toBe('duplicate');
  expect(await mayWrite(kyoka, 'client-2')).toBeUndefined();

  harness.worker.start();
  expect(await stopEverything(kyoka, 'client-1', 10 * SECOND)).toEqual({
    barrierAt: expect.stringMatching(/^\d{4}-/),
    searched: true,
    networks: {},
  });
  expect(await chooseWhom(kyoka, ['client-1', 'client-2'])).toEqual({
    chosen: [],
    refused: { suppressed_suspension: 1, consent_withdrawn: 1 },
  });
});

it('who may not read about people is never told that no network holds them', async () => {
  const inAnHour = new Date(Date.now() + HOUR).toISOString();
  const made = await harness.ask('/v1/tokens', {
    body: { name: 'desk', owner: 'service:desk', scopes: ['suspensions:write'], endsAt: inAnHour },
  });
  const desk = createClient({ url: harness.url, token: made.json<{ token: string }>().token });
  expect(await stopEverything(desk, 'client-2', 0)).toMatchObject({
    searched: false,
    networks: {},
  });
});

it('a fault has a code of the closed list, and repeats nothing', async () => {
  const stranger = createClient({ url: harness.url, token: 'kyoka_wrong' });
  await expect(mayWrite(stranger, 'client-1')).rejects.toMatchObject({ code: 'unauthenticated' });
  await expect(kyoka.suspension('00000000-0000-4000-8000-000000000000')).rejects.toMatchObject({
    code: 'not_found',
    answered: true,
  });
});
