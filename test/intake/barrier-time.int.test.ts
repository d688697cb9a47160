import { createIntake, replayParked } from '@kyoka/intake';
import { DAY, KyokaError } from '@kyoka/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, VOCABULARY } from './harness.js';
import { registration } from './registrations.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

/** An intake that can't open the publisher's key. */
function before(): ReturnType<typeof createIntake> {
  const { ports } = harness;
  const openSecret = () => {
    throw new KyokaError('seal_broken', 'sealed for another vault');
  };
  const vault = { ...ports.vault, openSecret };
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
