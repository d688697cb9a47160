import { replayParked } from '@kyoka/intake';
import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parkedCounts } from './counts.js';
import { type Harness, openHarness } from './harness.js';
import { known, registration } from './registrations.js';

let harness: Harness;
let ownerPool: Pool;
let owner: Queryable;

beforeAll(async () => {
  harness = await openHarness();
  ownerPool = await openPool(harness.database.url, { max: 1, applicationName: 'poison-owner' });
  owner = queryable(ownerPool);
});
afterAll(async () => {
  await ownerPool.destroy();
  await harness.close();
});

describe('an event that the database refuses', () => {
  it('is parked alone, and the rest of its batch and what follows goes on', async () => {
    await owner.query(
      `alter table permissions.subject add constraint no_poison check (ref not like '%poison%')`,
    );
    const parkedBefore = (await parkedCounts(harness.db))['malformed'] ?? 0;
    const batch = Array.from({ length: 100 }, (_, n) =>
      registration(n % 9 === 4 ? `poison${n}` : `healthy${n}`),
    );
    const answers = await harness.intake.ingest(batch);
    const poison = answers.filter(({ outcome }) => outcome === 'parked');
    expect(poison).toHaveLength(11);
    expect(new Set(poison.map(({ reason }) => reason))).toEqual(new Set(['malformed']));
    expect(await known(harness, 'healthy')).toHaveLength(89);
    expect(await known(harness, 'poison')).toHaveLength(0);
    expect((await parkedCounts(harness.db))['malformed']).toBe(parkedBefore + 11);

    const replay = async () => {
      const wish = { reason: 'malformed', limit: 100, actor: 'user:sato' } as const;
      return (await replayParked(harness.ports, wish)).map(({ answer }) => answer.outcome);
    };
    expect(await replay()).toEqual(Array(11).fill('parked'));
    await owner.query('alter table permissions.subject drop constraint no_poison');
    expect(await replay()).toEqual(Array(11).fill('accepted'));
    expect(await known(harness, 'poison')).toHaveLength(11);
  });

  it('control: one transaction for all of them takes none', async () => {
    const one = harness.db.query(
      `insert into permissions.subject (id, source, ref, category, arrived_at)
       select gen_random_uuid(), 'store', 'control' || n,
         case when n = 50 then repeat('x', 10) end, case when n = 50 then null else now() end
       from generate_series(1, 100) n`,
    );
    await expect(one).rejects.toMatchObject({ blamesData: true });
    expect(await known(harness, 'control')).toEqual([]);
  });

  it('a database that refuses everything parks nothing: it is not the events that are to blame', async () => {
    await owner.query('revoke insert on permissions.subject from kyoka_permissions');
    const before = await parkedCounts(harness.db);
    const event = registration('refused');
    await expect(harness.intake.ingest([event])).rejects.toMatchObject({ sqlState: '42501' });
    expect(await parkedCounts(harness.db)).toEqual(before);
    await owner.query('grant insert on permissions.subject to kyoka_permissions');
    expect(await harness.intake.ingest([event])).toMatchObject([{ outcome: 'accepted' }]);
  });
});
