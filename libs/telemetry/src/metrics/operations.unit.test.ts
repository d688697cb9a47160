import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { METRICS } from './definitions.js';
import { type Label, LABELS } from './labels.js';
import { registry } from './registry.js';

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook_url: string };
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const read = (path: string): string => readFileSync(path, 'utf8');
const alerts = ['alerts', 'roles'].flatMap((file) => {
  const { groups } = parse(read(`deploy/prometheus/${file}.yml`)) as {
    groups: readonly { rules: readonly Alert[] }[];
  };
  return groups.flatMap((group) => group.rules);
});
const { panels } = JSON.parse(read('deploy/grafana/kyoka.json')) as { panels: readonly Panel[] };
const targets = panels.flatMap(({ title, targets: of = [] }) =>
  of.map((target) => ({ title, ...target })),
);
/** Those of alarms; others there tell how something is done. */
const runbooks = readdirSync('docs/runbooks')
  .filter((file) => read(`docs/runbooks/${file}`).includes('## What it means'))
  .sort();

/** Words of PromQL that these expressions use. */
const LANGUAGE = new Set(
  (
    'sum max min count by le rate increase histogram_quantile absent time vector topk or ' +
    'instance job role'
  ).split(' '),
);

/** Words of the log that look like metrics of a process. */
const LOG_CODES = new Set(['process_failed']);

/** Every name that a scrape has: the metrics' own, those of the process, and Prometheus' `up`. */
const SERIES = new Map<string, readonly string[]>([
  ['up', []],
  ...Object.entries(METRICS).flatMap(([name, { kind, labels }]) =>
    (kind === 'histogram' ? ['_bucket', '_count', '_sum'] : ['']).map(
      (suffix): [string, readonly string[]] => [`${name}${suffix}`, labels],
    ),
  ),
  ...registry
    .getMetricsAsArray()
    .flatMap(({ name }) => (name.startsWith('kyoka_') ? [] : [name, `${name}_sum`]))
    .map((name): [string, readonly string[]] => [name, []]),
]);

/** What an expression names that there isn't: a metric, a label of it, a value of that. */
function strangersIn(expr: string): string[] {
  const found: string[] = [];
  const labels = new Set<string>();
  for (const [, name = '', matchers = ''] of expr.matchAll(/([a-z_]+)\{([^}]*)\}/g)) {
    for (const [, label = '', operator, value = ''] of matchers.matchAll(
      /(\w+)(=~|!=|=)"([^"]*)"/g,
    )) {
      if (LANGUAGE.has(label)) continue;
      if (SERIES.get(name)?.includes(label) !== true) found.push(`${name}{${label}}`);
      else if (operator !== '=~' && !LABELS[label as Label](value))
        found.push(`${label}="${value}"`);
    }
  }
  for (const [name, of] of SERIES) {
    if (new RegExp(`\\b${name}\\b`).test(expr)) for (const label of of) labels.add(label);
  }
  const words = expr
    .replaceAll(/"[^"]*"/g, '')
    .replaceAll(/\[[^\]]*\]/g, '')
    .matchAll(/[a-z_][a-z0-9_]*/gi);
  for (const [word] of words) {
    if (!LANGUAGE.has(word) && !SERIES.has(word) && !labels.has(word)) found.push(word);
  }
  return found;
}

describe('alerts', () => {
  it.each(alerts)('$alert asks for what there is', ({ expr }) => {
    expect(strangersIn(expr)).toEqual([]);
  });

  it('control: a wrong metric, label or value is seen', () => {
    expect(strangersIn('max(kyoka_removal{state="overdue"})')).toContain('kyoka_removal');
    expect(strangersIn('max by (netwrk) (kyoka_removals)')).toEqual(['netwrk']);
    expect(strangersIn('kyoka_removals{stat="overdue"}')).toContain('kyoka_removals{stat}');
    expect(strangersIn('kyoka_removals{state="overdu"}')).toEqual(['state="overdu"']);
  });

  it('have a runbook each, and no runbook is without an alert', () => {
    const named = alerts.map(({ annotations }) => annotations.runbook_url);
    const files = new Set(named.map((url) => url.replace('docs/runbooks/', '')));
    expect([...files].sort()).toEqual(runbooks);
  });

  it('have names of their own, and say how urgent they are', () => {
    expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length);
    for (const { labels } of alerts) expect(['page', 'work']).toContain(labels.severity);
  });

  it.each(alerts)('$alert says only what its expression leaves', ({ expr, annotations }) => {
    for (const [, label = ''] of annotations.summary.matchAll(/\$labels\.(\w+)/g)) {
      expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b|[{,]${label}="`));
    }
  });

  it('have a case each that makes them ring, for promtool', () => {
    const { tests } = parse(read('deploy/prometheus/alerts.test.yml')) as {
      tests: readonly { alert_rule_test: readonly { alertname: string; exp_alerts?: unknown }[] }[];
    };
    const rung = tests.flatMap(({ alert_rule_test: of }) =>
      of.filter(({ exp_alerts: told }) => told !== undefined).map(({ alertname }) => alertname),
    );
    expect(rung.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
  });
});

describe('the dashboard', () => {
  it.each(targets)('$title asks for what there is: $expr', ({ expr, legendFormat }) => {
    expect(strangersIn(expr)).toEqual([]);
    for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
      expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
    }
  });

  it('shows every metric of the service', () => {
    const shown = targets.map(({ expr }) => expr).join('\n');
    expect(Object.keys(METRICS).filter((name) => !shown.includes(name))).toEqual([]);
  });
});

describe.each(runbooks)('%s', (file) => {
  const text = read(`docs/runbooks/${file}`);

  it('says what it means, how to see it, what to do, and whom to call', () => {
    const headings = [...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual([
      'What it means',
      'How to see it',
      'What to do',
      'When to call the privacy desk',
    ]);
  });

  it('names only metrics and runbooks that there are', () => {
    const named = [...text.matchAll(/\b(?:kyoka|nodejs|process)_[a-z0-9_]*(?=[{`[])/g)];
    const names = named.map(([name]) => name);
    const bare = (name: string) => SERIES.has(name) || SERIES.has(`${name}_bucket`);
    expect(names.filter((name) => !bare(name) && !LOG_CODES.has(name))).toEqual([]);
    for (const [, other = ''] of text.matchAll(/\(([a-z-]+\.md)\)/g)) {
      expect(runbooks).toContain(other);
    }
  });
});
