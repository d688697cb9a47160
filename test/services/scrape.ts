import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Service {
  readonly build?: { readonly target: string };
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly network_mode?: string;
}

const yaml = (path: string): unknown => parse(readFileSync(path, 'utf8'), { merge: true });

/** The roles that docker-compose.yml starts and that answer over HTTP; not the sandbox, which plays others. */
export function rolesOfCompose(): string[] {
  const { services } = yaml('docker-compose.yml') as { services: Record<string, Service> };
  return Object.entries(services)
    .filter(([, { healthcheck }]) => healthcheck?.test.join(' ').includes('/health/ready'))
    .filter(([, { build, network_mode: shared }]) => build !== undefined && shared === undefined)
    .map(([name]) => name);
}

/** What Prometheus is told to read of them. */
export function targetsOfPrometheus(): string[] {
  const { scrape_configs: jobs } = yaml('deploy/prometheus/prometheus.yml') as {
    scrape_configs: readonly { static_configs: readonly { targets: readonly string[] }[] }[];
  };
  return jobs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets));
}

/** The roles whose absence is an alarm. */
export const rolesMissed = (): string[] =>
  [...readFileSync('deploy/prometheus/roles.yml', 'utf8').matchAll(/instance="(\w+)"/g)].map(
    ([, role]) => role as string,
  );

/** The roles whose metrics the proxy hands on. */
export const rolesOfProxy = (): string[] =>
  [...readFileSync('deploy/proxy/Caddyfile', 'utf8').matchAll(/import metrics (\w+)/g)].map(
    ([, role]) => role as string,
  );

export interface Alert {
  readonly alert: string;
  readonly expr: string;
}

export const alerts = (): Alert[] =>
  (
    yaml('deploy/prometheus/alerts.yml') as { groups: readonly { rules: readonly Alert[] }[] }
  ).groups.flatMap(({ rules }) => rules);

/** The series of a scrape: each name with the labels that its samples have. */
export function seriesOf(text: string): Map<string, Record<string, string>[]> {
  const series = new Map<string, Record<string, string>[]>();
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_0-9]+)(?:\{(.*)\})? \S+$/gm)) {
    const of = Object.fromEntries(
      [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value]),
    ) as Record<string, string>;
    series.set(name, [...(series.get(name) ?? []), of]);
  }
  return series;
}

/** What Prometheus adds to every series itself. */
const ADDED = new Set(['le', 'job', 'instance']);

/** Which metrics and labels of an alert no sample of these scrapes has. */
export function missingFrom(scrapes: ReturnType<typeof seriesOf>[], { expr }: Alert): string[] {
  const samples = (name: string) => scrapes.flatMap((scrape) => scrape.get(name) ?? []);
  const names = [...expr.matchAll(/\b(?:kyoka|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name);
  const grouped = [...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, by = '']) => by.split(/, */));
  const missing = names.filter((name) => samples(name).length === 0);
  for (const name of names) {
    for (const label of grouped.filter((one) => !ADDED.has(one))) {
      if (!samples(name).some((sample) => label in sample)) missing.push(`${name}{${label}}`);
    }
  }
  for (const [, name = '', matchers = ''] of expr.matchAll(/([a-z0-9_]+)\{([^}]*)\}/g)) {
    for (const [, label = '', operator, value = ''] of matchers.matchAll(
      /(\w+)(=~|!=|=)"([^"]*)"/g,
    )) {
      if (ADDED.has(label)) continue;
      const fits = (given: string) =>
        operator === '=~'
          ? new RegExp(`^(?:${value})$`).test(given)
          : operator === '!=' || given === value;
      if (!samples(name).some((sample) => fits(sample[label] ?? ''))) {
        missing.push(`${name}{${label}${operator}"${value}"}`);
      }
    }
  }
  return missing;
}
