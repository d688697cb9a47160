import { DAY, formatInstant, parseInstant } from '@kyoka/kernel';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { openPool, queryable } from '@kyoka/postgres';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileSegment, parseSegment, type Segment } from './index.js';

const NOW = parseInstant('2026-11-26T12:00:00+09:00') as number;
const PEOPLE = 40;

interface Line {
  person: number;
  source: string;
  ref: string;
  sku: string;
  category: string;
  yen: number;
  at: number;
  cancelled: boolean;
}

/** What a segment means, said a second time, one person at a time. */
function holds(segment: Segment, lines: readonly Line[]): boolean {
  if ('all' in segment) return segment.all.every((part) => holds(part, lines));
  if ('any' in segment) return segment.any.some((part) => holds(part, lines));
  if ('not' in segment) return !holds(segment.not, lines);
  const rule = segment.orders;
  const since = (duration: string) => NOW - Number(duration.slice(1, -1)) * DAY;
  const matching = lines.filter(
    (line) =>
      !line.cancelled &&
      line.at <= NOW &&
      (rule.category === undefined || rule.category === line.category) &&
      (rule.sku === undefined || rule.sku === line.sku) &&
      (rule.source === undefined || rule.source === line.source) &&
      (rule.within === undefined || line.at >= since(rule.within)),
  );
  const orders = new Set(matching.map((line) => `${line.source} ${line.ref}`)).size;
  const yen = matching.reduce((sum, line) => sum + line.yen, 0);
  const within = (value: number, range?: { min?: number | undefined; max?: number | undefined }) =>
    value >= (range?.min ?? 0) && value <= (range?.max ?? Infinity);
  return (
    orders > 0 &&
    within(orders, rule.count) &&
    within(yen, rule.yen) &&
    (rule.last === undefined ||
      Math.max(...matching.map((line) => line.at)) < since(rule.last.before))
  );
}

const line: fc.Arbitrary<Line> = fc.record({
  person: fc.nat(PEOPLE - 11),
  source: fc.constantFrom('store', 'mall.rakuten'),
  ref: fc.constantFrom('1', '2', '3'),
  sku: fc.constantFrom('a', 'b', "c'; --"),
  category: fc.constantFrom('skin-care', 'food'),
  yen: fc.nat(20_000),
  at: fc.integer({ min: -5, max: 400 }).map((days) => NOW - days * DAY),
  cancelled: fc.constant(false),
});

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const range = (least: number, most: number) =>
  fc
    .record({ min: maybe(fc.integer({ min: least, max: most })) })
    .map(({ min }) => (min === undefined ? { max: most } : { min }));
const duration = fc.integer({ min: 1, max: 365 }).map((days) => `P${days}D`);
const orders = fc
  .record({
    category: maybe(fc.constantFrom('skin-care', 'food', 'none')),
    sku: maybe(fc.constantFrom('a', "c'; --")),
    source: maybe(fc.constantFrom('store', 'mall.rakuten')),
    within: maybe(duration),
    count: maybe(range(1, 3)),
    yen: maybe(range(0, 30_000)),
    last: maybe(fc.record({ before: duration })),
  })
  .map((rule) => ({ orders: JSON.parse(JSON.stringify(rule)) as object }));
const { segment } = fc.letrec<{ segment: object }>((tie) => ({
  segment: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    orders,
    fc.record({ all: fc.array(tie('segment'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('segment'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('segment') }),
  ),
}));

let database: TestDatabase;
let pool: Awaited<ReturnType<typeof openPool>>;

beforeAll(async () => {
  database = await databaseForTests();
  pool = await openPool(database.url, { max: 2, applicationName: 'test' });
  await queryable(pool).query(
    `insert into permissions.subject (id, source, ref, arrived_at)
     select lpad(n::text, 32, '0')::uuid, 'store', n::text, now() from generate_series(0, $1 - 1) n`,
    [PEOPLE],
  );
});

afterAll(async () => {
  await pool.destroy();
  await database.drop();
});

async function store(lines: readonly Line[]): Promise<void> {
  const db = queryable(pool);
  await db.query('truncate permissions.order_line, permissions.order_cancellation');
  await db.query(
    `insert into permissions.order_line (subject_id, source, order_ref, line, sku, category, quantity, yen, ordered_at)
     select lpad((l->>'person'), 32, '0')::uuid, l->>'source', l->>'ref', n, l->>'sku', l->>'category', 1,
            (l->>'yen')::bigint, (l->>'time')::timestamptz
     from jsonb_array_elements($1::jsonb) with ordinality as t(l, n)`,
    [JSON.stringify(lines.map((one) => ({ ...one, time: formatInstant(one.at) })))],
  );
  await db.query(
    `insert into permissions.order_cancellation
     select distinct l->>'source', l->>'ref', now() from jsonb_array_elements($1::jsonb) l where (l->>'cancelled')::boolean
     on conflict do nothing`,
    [JSON.stringify(lines)],
  );
}

async function select(rule: Segment): Promise<number[]> {
  const { sql, parameters } = compileSegment(rule, NOW);
  const rows = await queryable(pool).query<{ subject_id: string }>(sql, parameters);
  return rows.map((row) => Number(row.subject_id.replaceAll('-', ''))).sort((a, b) => a - b);
}

function expected(rule: Segment, lines: readonly Line[]): number[] {
  return Array.from({ length: PEOPLE }, (_, person) => person).filter((person) =>
    holds(
      rule,
      lines.filter((one) => one.person === person),
    ),
  );
}

describe('the statement of a segment', () => {
  it('selects whom the rule means, on random orders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 60 }),
        fc.array(segment, { minLength: 8, maxLength: 8 }),
        async (raw, rules) => {
          // Every third order ref of the mall is cancelled, whole orders as a mall does it.
          const lines = raw.map((one) => ({
            ...one,
            cancelled: one.source !== 'store' && one.ref === '3',
          }));
          // Two people don't share an order.
          lines.forEach((one) => (one.ref = `${one.person}-${one.ref}`));
          await store(lines);
          for (const value of rules) {
            const parsed = parseSegment(value);
            if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
            expect(await select(parsed.segment)).toEqual(expected(parsed.segment, lines));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('holds every value as a parameter', () => {
    const { sql, parameters } = compileSegment(
      { orders: { sku: "x' or true --", yen: { min: 5 } } },
      NOW,
    );
    expect(sql).not.toContain('true');
    expect(parameters).toContain("x' or true --");
  });
});
