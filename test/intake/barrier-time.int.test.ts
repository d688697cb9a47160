import { createIntake, replayParked } from '@kyoka/intake';
import { DAY } from '@kyoka/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, VOCABULARY } from './harness.js';
import { registration } from './registrations.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

/** An intake that doesn't know the publisher's key yet, as one started before its registration. */
function before(): ReturnType<typeof createIntake> {
  const { ports } = harness;
  const publishers = Object.create(ports.vault.publishers, {
    find: { value: () => Promise.resolve(undefined) },
  }) as typeof ports.vault.publishers;
  const vault = Object.create(ports.vault, {
    publishers: { value: publishers },
  }) as typeof ports.vault;
  return createIntake({ ...ports, vault, vocabulary: () => VOCABULARY });
}

it('a stop that is replayed days later claims its barrier from then, and its arrival from before', async () => {
  await harness.intake.ingest([registration('late')]);
  const stop = await harness.signed({
    type: 'suspension.requested',
    id: 'late-stop',
    data: {
      subject: { source: 'store', ref: 'late' },
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: '2026-11-01T09:00:00+09:00',
    },
  });
  expect(await before().ingest([stop])).toMatchObject([{ reason: 'unauthenticated' }]);
  harness.clock.now = NOW + 5 * DAY;
  const wish = { reason: 'unauthenticated', limit: 10, actor: 'user:local' } as const;
  const [replayed] = await replayParked(harness.ports, wish);
  expect(replayed?.answer).toMatchObject({ outcome: 'accepted' });
  const [act] = await harness.db.query(
    'select arrived_at, committed_at from permissions.stop_act where id = $1',
    [replayed?.answer.stopActIds?.[0]],
  );
  expect(act).toEqual({
    arrived_at: new Date(NOW),
    committed_at: new Date(NOW + 5 * DAY),
  });
  const [told] = await harness.db.query<{ payload: { at: string } }>(
    `select payload from permissions.outbox where topic = 'kyoka.suspension-progress.v1'`,
  );
  expect(told?.payload).toMatchObject({
    step: 'barrier',
    at: new Date(NOW + 5 * DAY).toISOString(),
  });
});
