import { openPool, type Pool, queryable } from '@kyoka/postgres';
import { readMetrics } from '@kyoka/telemetry';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { type ClockOptions, type DueTask, type RunningClock, startClock } from './index.js';
import { runOnce } from './once.js';

const DAY = 86_400_000;
const NOON = Date.parse('2026-11-20T03:00:00Z');

/** However loaded the machine is: it only has to happen. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 30_000 });

let database: TestDatabase;
let pool: Pool;
let now = NOON;
const started: RunningClock[] = [];

beforeAll(async () => {
  database = await databaseForTests({ migrated: false });
  pool = await openPool(database.url, { max: 8, applicationName: 'test' });
  await queryable(pool).query(
    'create table thing (id integer primary key, due_at timestamptz, ended integer not null default 0)',
  );
});

beforeEach(async () => {
  now = NOON;
  await queryable(pool).query('truncate thing');
  return async () => {
    await Promise.all(started.splice(0).map((clock) => clock.stop()));
  };
});

afterAll(async () => {
  await pool?.destroy();
  await database?.drop();
});

/** Ends two things at a time; that one is ended again would show as 2. */
const things = (name = 'things'): DueTask => ({
  name,
  async run(at) {
    const rows = await queryable(pool).query(
      `with due as (select id from thing where due_at <= $1 and ended = 0 order by id limit 2)
       update thing t set ended = t.ended + 1 from due where t.id = due.id returning t.id`,
      [new Date(at)],
    );
    return rows.length;
  },
  async next() {
    const [row] = await queryable(pool).query<{ at: Date | null }>(
      'select min(due_at) as at from thing where ended = 0',
    );
    return row?.at?.getTime();
  },
});

function run(options: Partial<ClockOptions> & Pick<ClockOptions, 'tasks'>): RunningClock {
  const clock = startClock({
    pool,
    clock: () => now,
    everyMs: 60_000,
    onFault: (_, fault) => {
      throw fault;
    },
    ...options,
  });
  started.push(clock);
  return clock;
}

const due = (count: number, at: number) =>
  queryable(pool).query(
    'insert into thing (id, due_at) select n, $2 from generate_series(1, $1::integer) n',
    [count, new Date(at)],
  );

const ended = async () =>
  (
    await queryable(pool).query<{ ended: number; count: number }>(
      'select ended, count(*)::integer as count from thing group by ended order by ended',
    )
  ).map((row) => [row.ended, row.count]);

it('catches up after a time in which nothing ran, batch by batch, and ends nothing before its moment', async () => {
  await due(45, NOON);
  now = NOON + 30 * DAY;
  await queryable(pool).query('insert into thing (id, due_at) values (100, $1)', [
    new Date(now + 1),
  ]);
  const ran: number[] = [];
  run({ tasks: [things()], onRan: (_, count) => ran.push(count) });
  await eventually(async () =>
    expect(await ended()).toEqual([
      [0, 1],
      [1, 45],
    ]),
  );
  expect(Math.max(...ran)).toBeLessThanOrEqual(20);
});

it('looks again at the moment of the earliest due date, long before its longest rest is over', async () => {
  await due(1, NOON + 40);
  const real = performance.now();
  run({
    tasks: [things()],
    clock: () => NOON + (performance.now() - real),
    everyMs: DAY,
  });
  await eventually(async () => expect(await ended()).toEqual([[1, 1]]));
});

it('nor does one that comes between the turn of its task and the rest wait for the next look', async () => {
  let due: number | undefined = NOON + 1;
  const runs: number[] = [];
  const task: DueTask = {
    name: 'between',
    async run(at) {
      runs.push(at);
      if (due === undefined || at < due) return 0;
      due = undefined;
      return 1;
    },
    async next() {
      now = NOON + 2;
      return due;
    },
  };
  run({ tasks: [task], everyMs: DAY });
  await eventually(() => expect(due).toBeUndefined());
  expect(runs.slice(0, 2)).toEqual([NOON, NOON + 2]);
});

it('two processes never run a task at the same time, and end everything once', async () => {
  await due(60, NOON);
  let at = 0;
  let most = 0;
  const watched: DueTask = {
    name: 'watched',
    async run(moment) {
      at += 1;
      most = Math.max(most, at);
      const count = await things().run(moment);
      await queryable(pool).query('select pg_sleep(0.005)');
      at -= 1;
      return count;
    },
  };
  const first: number[] = [];
  const second: number[] = [];
  const one = run({ tasks: [watched], onRan: (_, count) => first.push(count) });
  const other = run({ tasks: [watched], onRan: (_, count) => second.push(count) });
  await eventually(async () => {
    one.wake();
    other.wake();
    expect(await ended()).toEqual([[1, 60]]);
  });
  expect(most).toBe(1);
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  await eventually(() => expect(sum(first) + sum(second)).toBe(60));
});

it('control: tasks of two names do overlap', async () => {
  let at = 0;
  let most = 0;
  const slow = (name: string): DueTask => ({
    name,
    async run() {
      at += 1;
      most = Math.max(most, at);
      await queryable(pool).query('select pg_sleep(0.05)');
      at -= 1;
      return 0;
    },
  });
  const one = run({ tasks: [slow('one')] });
  const other = run({ tasks: [slow('other')] });
  await eventually(() => {
    one.wake();
    other.wake();
    expect(most).toBe(2);
  });
});

it('a task that fails is told of and keeps no other from its turn', async () => {
  await due(3, NOON);
  const faults: string[] = [];
  const failing: DueTask = { name: 'failing', run: () => Promise.reject(new Error('no')) };
  run({ tasks: [failing, things()], onFault: (name) => faults.push(name) });
  await eventually(async () => expect(await ended()).toEqual([[1, 3]]));
  expect(new Set(faults)).toEqual(new Set(['failing']));
});

it('a task that hangs keeps no other from its turn, is told of, shows as old, and is free for another process', async () => {
  await due(3, NOON);
  const told: string[] = [];
  const never = Promise.withResolvers<number>();
  const hanging: DueTask = {
    name: 'hanging',
    run: () => never.promise,
    next: async () => NOON - 90 * 1_000,
  };
  const clock = run({
    tasks: [hanging, things()],
    batchMs: 50,
    onFault: (name, fault) => {
      told.push(`${name}: ${(fault as Error).message}`);
    },
  });
  await eventually(async () => expect(await ended()).toEqual([[1, 3]]));
  expect(told).toEqual(['hanging: it did not end within 50 milliseconds']);
  now = NOON + 1_000_000;
  await queryable(pool).query('insert into thing (id, due_at) values (7, $1)', [new Date(now)]);
  clock.wake();
  await eventually(async () => expect(await ended()).toEqual([[1, 4]]));
  await eventually(async () => {
    const text = await readMetrics();
    const of = (task: string, name: string) =>
      Number(new RegExp(`^${name}\\{task="${task}"\\} (.*)$`, 'm').exec(text)?.[1]);
    expect(of('hanging', 'kyoka_clock_last_success_seconds')).toBe(NOON / 1_000);
    expect(of('things', 'kyoka_clock_last_success_seconds')).toBe(now / 1_000);
    expect(of('hanging', 'kyoka_clock_failed_total')).toBe(1);
    expect(of('hanging', 'kyoka_clock_overdue_seconds')).toBe(1_090);
  });
  expect(await runOnce({ pool, clock: () => now }, { name: 'hanging', run: async () => 5 })).toBe(
    5,
  );
  never.resolve(0);
});

it('a stop waits for the batch at hand', async () => {
  let finished = false;
  const begun = Promise.withResolvers<void>();
  const slow: DueTask = {
    name: 'slow',
    async run() {
      begun.resolve();
      await queryable(pool).query('select pg_sleep(0.05)');
      finished = true;
      return 1;
    },
  };
  const clock = run({ tasks: [slow] });
  await begun.promise;
  await clock.stop();
  expect(finished).toBe(true);
});

it('holds a task for longer than its pool lets a transaction idle', async () => {
  const impatient = await openPool(database.url, {
    max: 3,
    applicationName: 'test',
    idleInTransactionMs: 50,
  });
  try {
    const long: DueTask = {
      name: 'long',
      run: async () => {
        await queryable(pool).query('select pg_sleep(0.3)');
        return 1;
      },
    };
    expect(await runOnce({ pool: impatient, clock: () => now }, long)).toBe(1);
  } finally {
    await impatient.destroy();
  }
});
