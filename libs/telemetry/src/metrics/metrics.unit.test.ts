import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';

// The registry of a process that has recorded nothing, and labels that nobody else fills up.
vi.resetModules();
const { collect, count, countDecisions, METRICS, observe, readMetrics, set } =
  await import('../index.js');
const { LABELS, labelled, learnCode, learnRoute, OTHER } = await import('./labels.js');
const { registry } = await import('./registry.js');
afterAll(() => void vi.resetModules());

/** What belongs to somebody, in the forms that it takes. */
const CANARIES = [
  'canary.taro@example.jp',
  'canary.taro%40example.jp',
  'Y2FuYXJ5LnRhcm9AZXhhbXBsZS5qcA',
  '09012345678',
  '+819012345678',
  '5d41402abc4b2a76b9719d911017c592ae0f6b1c2d3e4f5061728394a5b6c7d8',
  'e1b9831a-8502-4967-9954-322775bb762f',
  '山田太郎',
  'Taro Yamada',
];

type Loose = (name: string, labels: Record<string, string>, value: number) => void;
const RECORD: Readonly<Record<string, Loose>> = {
  counter: count as Loose,
  gauge: set as Loose,
  histogram: observe as Loose,
};

/** Before anything was recorded. */
const untouched = await readMetrics();

beforeEach(() => registry.resetMetrics());

describe('labels', () => {
  it.each(Object.entries(METRICS))(
    '%s takes nothing of anybody',
    async (name, { kind, labels }) => {
      for (const canary of CANARIES) {
        RECORD[kind]?.(name, Object.fromEntries(labels.map((label) => [label, canary])), 1);
      }
      const text = await readMetrics();
      for (const canary of CANARIES) expect(text).not.toContain(canary);
      if (labels.length > 0) expect(text).toContain(`="${OTHER}"`);
    },
  );

  it('have no more values than a system has parts', () => {
    const words = Array.from({ length: 1_000 }, (_, index) =>
      `/v1/${index}/word_${[...String(index)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`.replace(
        /\d/g,
        '',
      ),
    );
    for (const label of Object.keys(LABELS) as (keyof typeof LABELS)[]) {
      const forms = label === 'route' ? words : words.map((word) => word.slice(5));
      const values = new Set(forms.map((word) => labelled(label, word)));
      expect(values.size).toBeLessThanOrEqual(61);
    }
  });

  it('say what they know', async () => {
    const type = 'jp.kyoka.order.placed.v1';
    count('kyoka_intake_events_total', { type, outcome: 'accepted' }, 3);
    expect(await readMetrics()).toMatch(
      /kyoka_intake_events_total\{type="jp\.kyoka\.order\.placed\.v1",outcome="accepted"[^}]*\} 3/,
    );
  });
});

it('counts a decision under its answer, and a refusal once under each of its reasons', async () => {
  const refused = (...codes: string[]) => ({
    allowed: false,
    reasons: codes.map((code) => ({ code })),
  });
  countDecisions('api', [
    { allowed: true, reasons: [] },
    refused('frozen', 'frozen', 'consent_missing'),
    refused('frozen'),
  ]);
  const text = await readMetrics();
  expect(text).toMatch(/kyoka_decisions_total\{asked="api",answer="allowed"[^}]*\} 1/);
  expect(text).toMatch(/kyoka_decisions_total\{asked="api",answer="refused"[^}]*\} 2/);
  expect(text).toMatch(/kyoka_decision_reasons_total\{asked="api",reason="frozen"[^}]*\} 2/);
  expect(text).toMatch(
    /kyoka_decision_reasons_total\{asked="api",reason="consent_missing"[^}]*\} 1/,
  );
});

it('counters begin at 0 with each of their words, so that a first time is a rise', () => {
  const lines = untouched.split('\n');
  for (const begun of [
    'kyoka_intake_events_total{type="jp.kyoka.consent.granted.v1",outcome="parked"} 0',
    'kyoka_intake_parked_total{reason="unauthenticated"} 0',
    'kyoka_decisions_total{asked="api",answer="refused"} 0',
    'kyoka_decision_reasons_total{asked="release",reason="frozen"} 0',
    'kyoka_door_refusals_total{status="429"} 0',
  ]) {
    expect(lines).toContain(begun);
  }
  expect(untouched).not.toMatch(
    /kyoka_door_refusals_total\{status="404"|parked_total\{reason="frozen"/,
  );
});

it('a route or a code of the log is told once its process has it, and is other before', () => {
  expect([labelled('route', '/v1/learned/:id'), labelled('code', 'learned_code')]).toEqual([
    OTHER,
    OTHER,
  ]);
  learnRoute('/v1/learned/:id');
  learnCode('learned_code');
  learnRoute('/v1/people/canary.taro@example.jp');
  expect([labelled('route', '/v1/learned/:id'), labelled('code', 'learned_code')]).toEqual([
    '/v1/learned/:id',
    'learned_code',
  ]);
  expect(labelled('route', '/v1/people/canary.taro@example.jp')).toBe(OTHER);
});

describe('gauges', () => {
  it('that nobody filled say nothing, so that no process tells of a consumer it has not', () => {
    const gauges = Object.entries(METRICS).filter(([, { kind }]) => kind === 'gauge');
    const told = gauges.filter(([name]) => new RegExp(`^${name}[ {]`, 'm').test(untouched));
    expect(told).toEqual([]);
    expect(untouched).toMatch(/^kyoka_barrier_seconds_count 0$/m);
  });

  it('are filled when they are read, until their part ends', async () => {
    let lag = 7;
    const end = collect('consumer', () => set('kyoka_consumer_lag', {}, lag));
    expect(await readMetrics()).toMatch(/kyoka_consumer_lag(\{[^}]*\})? 7/);
    lag = 9;
    end();
    expect(await readMetrics()).toMatch(/kyoka_consumer_lag(\{[^}]*\})? 7/);
  });

  it('of one part that fails keep the others readable, and tell', async () => {
    const ends = [
      collect('broken', () => Promise.reject(new Error('canary.taro@example.jp'))),
      collect('sound', () => set('kyoka_consumer_lag', {}, 3)),
    ];
    const text = await readMetrics();
    for (const end of ends) end();
    expect(text).toMatch(/kyoka_collector_failed\{collector="broken"[^}]*\} 1/);
    expect(text).toMatch(/kyoka_collector_failed\{collector="sound"[^}]*\} 0/);
    expect(text).toMatch(/kyoka_consumer_lag(\{[^}]*\})? 3/);
    expect(text).not.toContain('canary');
  });
});
