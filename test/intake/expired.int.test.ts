import { expireParked, expiredAmong, markDismissed, replayParked } from '@kyoka/intake';
import { DAY } from '@kyoka/kernel';
import { openVault } from '@kyoka/vault';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { NOW, VOCABULARY } from './harness.js';
import { openSomebody, type Somebody } from './somebody.js';

const DAYS = 14;

let one: Somebody;
beforeAll(async () => {
  one = await openSomebody();
  one.next();
});
afterAll(() => one.close());

interface Row {
  readonly id: string;
  readonly sealed: Buffer;
  readonly state: string;
}

async function park(id: string): Promise<Row> {
  const event = await one.harness.signed(one.grant(id, { purpose: 'horoscopes' }));
  expect(await one.outcomes(event)).toEqual(['unknown_purpose']);
  return rowOf(id);
}

async function rowOf(id: string): Promise<Row> {
  const [row] = await one.harness.db.query<Row>(
    'select id, sealed, state from intake.parked where ce_id = $1',
    [id],
  );
  return row as Row;
}

it('a parked original is readable nowhere once its term is over, and a replay says so', async () => {
  const { harness } = one;
  const old = await park('old');
  harness.clock.now = NOW + DAY;
  const recent = await park('recent');
  const ports = {
    ...harness.ports,
    vocabulary: () => ({ ...VOCABULARY, hasPurpose: () => true }),
  };
  // Control: a day before the end of its term nothing has changed.
  const lastDay = NOW + (DAYS - 1) * DAY;
  expect(await expireParked(harness.ports, { now: lastDay, days: DAYS })).toBe(0);
  expect(await harness.vault.openParked(old.sealed, old.id)).toBeInstanceOf(Buffer);

  expect(await expireParked(harness.ports, { now: lastDay + DAY, days: DAYS })).toBe(1);
  expect([(await rowOf('old')).state, (await rowOf('recent')).state]).toEqual([
    'expired',
    'parked',
  ]);
  const restarted = await openVault({ keyDir: join(harness.folder, 'keys') });
  for (const vault of [harness.vault, restarted]) {
    await expect(vault.openParked(old.sealed, old.id)).rejects.toMatchObject({
      code: 'key_missing',
    });
    expect(await vault.openParked(recent.sealed, recent.id)).toBeInstanceOf(Buffer);
  }
  const ids = [old.id, recent.id];
  expect(await replayParked(ports, { ids, limit: 10, actor: 'user:local' })).toMatchObject([
    { id: recent.id, answer: { outcome: 'accepted' } },
  ]);
  expect(await expiredAmong(harness.db, ids)).toEqual([old.id]);
});

it('one that a person has dismissed ends with its term too, and keeps no other from its replay', async () => {
  const { harness } = one;
  harness.clock.now = NOW;
  const dismissed = await park('dismissed');
  const judged = { actor: 'user:local', reason: 'a test', at: NOW };
  expect(await markDismissed(harness.db, dismissed.id, judged)).toBe(true);
  harness.clock.now = NOW + 30 * DAY;
  await expireParked(harness.ports, { now: harness.clock.now, days: DAYS });
  expect((await rowOf('dismissed')).state).toBe('expired');
  const ids = [dismissed.id];
  expect(await replayParked(harness.ports, { ids, limit: 10, actor: 'user:local' })).toEqual([]);
  expect(await expiredAmong(harness.db, ids)).toEqual(ids);
});
