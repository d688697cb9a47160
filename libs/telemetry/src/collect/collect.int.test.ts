import { openPool, type Pool, queryable } from '@kyoka/postgres';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { collectAudiences, collectPermissions, readMetrics } from '../index.js';

const NOW = Date.parse('2026-11-20T03:00:00Z');
const MINUTE = 60_000;
const before = (minutes: number): string => `'${new Date(NOW - minutes * MINUTE).toISOString()}'`;

let database: TestDatabase;
let pools: Pool[] = [];

beforeAll(async () => {
  database = await databaseForTests();
  const owner = await openPool(database.url, { max: 1, applicationName: 'test' });
  pools = [
    owner,
    await openPool(database.url, { role: 'kyoka_permissions', max: 1, applicationName: 'test' }),
    await openPool(database.url, { role: 'kyoka_audiences', max: 1, applicationName: 'test' }),
  ];
  await queryable(owner).query(`
    insert into intake.parked (id, reason, place, day, sealed, arrived_at, stop, state)
    select gen_random_uuid(), reason, 'http', '2026-11-20', '', at::timestamptz, stop, state from (values
      ('malformed', ${before(30)}, false, 'parked'), ('malformed', ${before(10)}, false, 'parked'),
      ('unauthenticated', ${before(20)}, true, 'parked'), ('unauthenticated', ${before(90)}, true, 'replayed')
    ) p (reason, at, stop, state);
    insert into permissions.outbox (topic, key, type, payload, created_at)
    values ('t', 'k', 'y', '{}', ${before(5)}), ('t', 'k', 'y', '{}', ${before(1)});
    insert into audiences.outbox (topic, key, type, payload, created_at) values ('t', 'k', 'y', '{}', ${before(7)});
    insert into permissions.stop_act (id, kind, purposes, channels, act_at, arrived_at, committed_at, fanned_out_at)
    values (gen_random_uuid(), 'suspension', '{*}', '{*}', ${before(9)}, ${before(9)}, ${before(9)}, ${before(8)}),
           (gen_random_uuid(), 'suspension', '{*}', '{*}', ${before(2)}, ${before(2)}, ${before(2)}, null);
    insert into intake.publisher (id, name, sources, types, valid_until, registered_at, registered_by, revoked_at)
    select id::uuid, 'p', '{}', '{}', '2027-11-20', ${before(0)}, 'user:sato', revoked::timestamptz from (values
      ('00000000-0000-4000-8000-000000000001', null), ('00000000-0000-4000-8000-000000000002', null),
      ('00000000-0000-4000-8000-000000000003', null), ('00000000-0000-4000-8000-000000000004', ${before(1)})
    ) p (id, revoked);
    insert into intake.publisher_key (kid, publisher_id, sealed, created_at, created_by, ends_at)
    select kid, id::uuid, '', ${before(0)}, 'user:sato', ends::timestamptz from (values
      ('soon', '00000000-0000-4000-8000-000000000001', '2026-11-22'),
      ('later', '00000000-0000-4000-8000-000000000002', '2026-12-10'),
      ('rotated', '00000000-0000-4000-8000-000000000003', '2026-11-22'),
      ('next', '00000000-0000-4000-8000-000000000003', '2027-11-22'),
      ('revoked', '00000000-0000-4000-8000-000000000004', '2026-11-22')
    ) k (kid, id, ends);
    insert into audiences.recipient (id, network, kind, items, registered_by, registered_at)
    values ('google', 'google', 'ad_network', '{}', 'user:sato', ${before(0)});
    insert into audiences.audience (id, name, segment, policy, purpose, content_owner, recipient_id, period_from,
      period_to, users, owner, ends_at, created_at)
    values ('00000000-0000-4000-8000-00000000000a', 'a', '{}', 'almado@1', 'ad_matching', 'own', 'google',
      '2026-11-01', '2027-01-01', '{}', 'user:sato', '2027-01-02', ${before(0)});
    insert into audiences.run (id, audience_id, idempotency_key, actor, state, segment_at, started_at)
    select gen_random_uuid(), '00000000-0000-4000-8000-00000000000a', state, 'user:sato', state, ${before(0)}, at::timestamptz
    from (values ('sending', ${before(3)}), ('settling', ${before(40)}), ('finished', ${before(50)})) r (state, at);
    insert into audiences.removal (id, audience_id, subject_id, kind, token, fold, cause, state, requested_at, due_at, due_by)
    select gen_random_uuid(), '00000000-0000-4000-8000-00000000000a', gen_random_uuid(), 'email', '', '', 'stop', state,
      ${before(0)}, ${before(0)}, ${before(0)} from unnest('{overdue,overdue,unconfirmed,confirmed}'::text[]) state;
  `);
});
afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.destroy()));
  await database.drop();
});

it('the gauges of each context tell what waits and how long, under its own role', async () => {
  const [, permissions, audiences] = pools as [Pool, Pool, Pool];
  const clock = () => NOW;
  await collectPermissions(queryable(permissions), clock, true)();
  await collectAudiences(queryable(audiences), clock, true)();
  const lines = (await readMetrics()).split('\n');
  const told = [
    'kyoka_parked{reason="malformed",stop="no"} 2',
    'kyoka_parked{reason="unauthenticated",stop="yes"} 1',
    `kyoka_parked_oldest_seconds ${30 * 60}`,
    `kyoka_outbox_oldest_seconds{context="permissions"} ${5 * 60}`,
    `kyoka_outbox_oldest_seconds{context="audiences"} ${7 * 60}`,
    `kyoka_stop_waiting_seconds ${2 * 60}`,
    'kyoka_publishers_ending{within="7d"} 1',
    'kyoka_publishers_ending{within="30d"} 2',
    'kyoka_runs{state="sending"} 1',
    'kyoka_runs{state="settling"} 1',
    `kyoka_run_oldest_seconds ${3 * 60}`,
    'kyoka_removals{network="google",state="overdue"} 2',
    'kyoka_removals{network="google",state="unconfirmed"} 1',
    'kyoka_database_up{context="permissions"} 1',
    'kyoka_database_up{context="audiences"} 1',
  ];
  expect(lines).toEqual(expect.arrayContaining(told));
  const removals = lines.filter((line) => line.startsWith('kyoka_removals{'));
  expect(removals.filter((line) => !line.endsWith(' 0'))).toHaveLength(2);
  expect(removals).toContain('kyoka_removals{network="none",state="overdue"} 0');
  expect(lines).toContain('kyoka_parked{reason="unauthenticated",stop="no"} 0');
  expect(lines).toContain('kyoka_runs{state="building"} 0');
});

it('where nobody publishes an outbox, no message waits in it', async () => {
  const [, permissions, audiences] = pools as [Pool, Pool, Pool];
  await collectPermissions(queryable(permissions), () => NOW, false)();
  await collectAudiences(queryable(audiences), () => NOW, false)();
  const text = await readMetrics();
  for (const context of ['permissions', 'audiences']) {
    expect(text).toContain(`kyoka_outbox_oldest_seconds{context="${context}"} 0\n`);
  }
});

it('a database that is away is told, and what was known before stays', async () => {
  const away = { query: () => Promise.reject(new Error('away')) };
  await expect(collectPermissions(away, () => NOW, true)()).rejects.toThrow('away');
  expect(await readMetrics()).toContain('kyoka_database_up{context="permissions"} 0');
});
