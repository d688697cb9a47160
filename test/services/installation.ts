import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbedded } from '@kyoka/postgres';
import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { type Broker, eventually, freePort, isAlive, startProxy } from '@kyoka/testing';
import {
  type Ended,
  type Environment,
  type RoleProcess,
  roleProcess,
  runApp,
} from './role-process.js';

/** Who has a login of the database of their own; `sandbox` and `topics` have none. */
type WithLogin = 'intake' | 'permissions' | 'audiences' | 'console' | 'backup';

/** A PostgreSQL and a broker of its own, folders, and the roles that were started on them. */
export interface Installation {
  /** Of the owner, whom no service logs in as. */
  readonly databaseUrl: string;
  /** The database as one service logs in. */
  readonly loginUrl: (whose: WithLogin) => string;
  readonly keyDir: string;
  readonly sandboxDir: string;
  readonly sandboxUrl: string;
  /** Runs a command of an operator, who logs in as the owner unless told otherwise. */
  run(app: string, args?: readonly string[], as?: WithLogin): Promise<Ended>;
  /** A process of a role, not started yet. */
  role(
    app: 'intake' | 'permissions' | 'audiences' | 'console',
    instance: string,
  ): Promise<RoleProcess>;
  sandbox(): Promise<RoleProcess>;
  /** Ends the database as a power cut would, and starts it again at the same address. */
  restartDatabase(): Promise<void>;
  remove(): Promise<void>;
}

const PASSWORD = 'services-test';

/** @param options `direct`: services reach the database without what lets it come back at the same address */
export async function installation(
  broker: Broker,
  { direct = false }: { readonly direct?: boolean } = {},
): Promise<Installation> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-services-'));
  const below = (name: string) => join(folder, name);
  const data = { dataDir: below('database'), password: PASSWORD, secretFolder: folder };
  let server = await startEmbedded(data);
  // A new start takes another port; whoever uses the database sees one address.
  const target = { host: '127.0.0.1', port: Number(new URL(server.url).port) };
  const proxy = direct ? undefined : await startProxy(target);
  const address = new URL(server.url);
  if (proxy !== undefined) address.port = String(proxy.port);
  const passwords = new Map<string, string>();
  const loginUrl = (whose: WithLogin): string => {
    const password = passwords.get(whose) ?? randomBytes(18).toString('base64url');
    passwords.set(whose, password);
    const url = new URL(address);
    [url.username, url.password] = [`kyoka_${whose}_login`, password];
    return url.href;
  };
  const sandboxPort = await freePort();
  const sandboxUrl = `http://127.0.0.1:${sandboxPort}`;
  const { google, meta } = SANDBOX_CREDENTIALS;
  const env: Environment = {
    DATABASE_URL: address.href,
    KAFKA_BROKERS: broker.address,
    KYOKA_LOGIN_INTAKE: loginUrl('intake'),
    KYOKA_LOGIN_PERMISSIONS: loginUrl('permissions'),
    KYOKA_LOGIN_AUDIENCES: loginUrl('audiences'),
    KYOKA_LOGIN_CONSOLE: loginUrl('console'),
    KYOKA_LOGIN_BACKUP: loginUrl('backup'),
    KYOKA_DATA_DIR: below('data'),
    KYOKA_BACKUP_DIR: below('backup'),
    KYOKA_KEY_DIR: below('keys'),
    KYOKA_JOURNAL_DIR: below('journal'),
    KYOKA_PUBLIC_URL: 'https://kyoka.example',
    KYOKA_SANDBOX_DIR: below('sandbox'),
    KYOKA_CHECKPOINT_DIRS: `${below('checkpoints')},${below('checkpoints-too')}`,
    KYOKA_KAFKA_SESSION_MS: '3000',
    KYOKA_SANDBOX_PORT: String(sandboxPort),
    KYOKA_SANDBOX_GOOGLE_PROCESSING_MS: '300',
    KYOKA_SANDBOX_META_PROCESSING_MS: '600',
    KYOKA_GOOGLE_URL: `${sandboxUrl}/google`,
    KYOKA_GOOGLE_TOKEN: google.token,
    KYOKA_GOOGLE_ACCOUNT_ID: google.accountId,
    KYOKA_GOOGLE_TERMS_ACCEPTED: 'yes',
    KYOKA_GOOGLE_PROCESSING_MS: '1000',
    KYOKA_GOOGLE_FIRST_POLL_MS: '200',
    KYOKA_GOOGLE_POLL_MAX_MS: '1000',
    KYOKA_GOOGLE_GIVE_UP_MS: '120000',
    KYOKA_META_URL: `${sandboxUrl}/meta`,
    KYOKA_META_TOKEN: meta.token,
    KYOKA_META_APP_SECRET: meta.appSecret,
    KYOKA_META_AD_ACCOUNT_ID: meta.adAccountId,
    KYOKA_META_PROCESSING_MS: '1200',
    KYOKA_META_GIVE_UP_MS: '120000',
  };
  const made: RoleProcess[] = [];
  const keep = async (wanted: Promise<RoleProcess>) => {
    const role = await wanted;
    made.push(role);
    return role;
  };
  return {
    databaseUrl: address.href,
    loginUrl,
    keyDir: below('keys'),
    sandboxDir: below('sandbox'),
    sandboxUrl,
    run: (app, args = [], as) =>
      runApp(app, args, as === undefined ? env : { ...env, DATABASE_URL: loginUrl(as) }),
    role: (app, instance) =>
      keep(roleProcess(app, { ...env, DATABASE_URL: loginUrl(app), KYOKA_INSTANCE: instance })),
    sandbox: () => keep(roleProcess('sandbox', env, { port: sandboxPort })),
    async restartDatabase() {
      const pidFile = join(data.dataDir, 'postgres', 'postmaster.pid');
      const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
      process.kill(pid, 'SIGQUIT');
      await eventually('the database has ended', () => !isAlive(pid));
      await server.ended;
      server = await startEmbedded(data);
      target.port = Number(new URL(server.url).port);
    },
    async remove() {
      await Promise.all(made.map((role) => role.kill()));
      await proxy?.close();
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
