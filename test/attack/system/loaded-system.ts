import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { googleDestination } from '@kyoka/connector-google';
import { metaDestination } from '@kyoka/connector-meta';
import { readSettings } from '@kyoka/config';
import { MINUTE } from '@kyoka/kernel';
import { EMBEDDED_PASSWORD, openPool, type Pool, runningEmbedded } from '@kyoka/postgres';
import { DEMO_CONTACTS, sampleCompany, type SampleCompany } from '@kyoka/sample';
import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { type Broker, eventually, ownBroker } from '@kyoka/testing';
import { consumerLag, createKafka, createKafkaProducer, TOPICS } from '@kyoka/transport';
import { openVault, type Vault } from '@kyoka/vault';
import { runKyoka } from '../../../apps/cli/src/run.js';
import { keepAnswers } from './answers.js';
import { feed } from '../../../apps/standalone/src/sample/feed.js';
import { openApi } from '../../../apps/standalone/src/sample/http.js';
import { runSampleAudiences } from '../../../apps/standalone/src/sample/run-audiences.js';
import { suspendOne } from '../../../apps/standalone/src/sample/suspend-one.js';
import { switchSampleOn } from '../../../apps/standalone/src/sample/switch-on.js';
import {
  installation,
  type Installation,
  type Running,
  SERVING,
} from '../../standalone/process.js';

const OWNER = 'user:local';
/** The group of the service's consumers. */
const INTAKE_GROUP = 'kyoka-intake';
/** The service reads the policies that are switched on every five seconds. */
const POLICIES_READ_MS = 6_000;

/** A service with people in it, in folders of its own. */
export interface LoadedSystem {
  readonly place: Installation;
  readonly company: SampleCompany;
  /** `undefined` where none can be had: the events came over HTTP. */
  readonly broker: Broker | undefined;
  readonly settings: ReturnType<typeof readSettings>;
  /** Where a copy of the keys lies, apart from everything else. */
  readonly keyCopies: string;
  /** Starts it again; it runs when this returns. */
  start(): Promise<void>;
  /** Stops the service and the broker, cleanly. */
  stop(): Promise<void>;
  /** `kyoka …`, on this system. @returns what its last line says */
  kyoka(
    words: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<Record<string, unknown>>;
  remove(): Promise<void>;
}

/**
 * Starts a service, brings the sample company's people through its doors, their audiences to the sandbox,
 * and one suspension to its end, and makes backups; then stops it.
 *
 * The sample's one mistake that no service can undo is left out: a publisher that puts a contact on a
 * topic in the clear has left it there.
 */
export async function loadSystem(
  { people, folder }: { readonly people: number; readonly folder: string },
  step: (title: string) => (done: string) => void,
): Promise<LoadedSystem> {
  const broker = await ownBroker();
  const temporary = join(folder, 'temporary');
  await mkdir(temporary, { recursive: true, mode: 0o777 });
  const place = await installation({
    KYOKA_SAMPLE_PEOPLE: '0',
    KYOKA_BACKUP_DIR: join(folder, 'backup'),
    TMPDIR: temporary,
    ...(broker && { KAFKA_BROKERS: broker.address }),
  });
  const { TMPDIR: _, ...env } = place.env as Record<string, string>;
  const settings = readSettings(env, { role: 'standalone' });
  let running: Running | undefined;
  let isBrokerUp = true;
  let token = '';
  const printed: string[] = [];

  const whole = sampleCompany({ seed: 1, now: Date.now(), people });
  const company = {
    ...whole,
    events: whole.events.filter(({ damage }) => damage !== 'contact_in_clear'),
  };
  const system: LoadedSystem = {
    place,
    company,
    broker,
    settings,
    keyCopies: join(folder, 'key-copies'),
    async start() {
      if (!isBrokerUp) await broker?.restart();
      isBrokerUp = true;
      running = place.start();
      await running.says(SERVING);
      token ||= /KYOKA_TOKEN=(\S+)/.exec(running.output())?.[1] ?? '';
    },
    async stop() {
      running?.signal('SIGTERM');
      const code = await running?.ended;
      if (code !== 0) throw new Error(`the service ended with ${code}:\n${running?.output()}`);
      printed.push(running?.output() ?? '');
      await writeFile(join(place.folder, 'terminal.log'), printed.join('\n'));
      await broker?.kill('SIGTERM');
      isBrokerUp = false;
    },
    async kyoka(words, more = {}) {
      const out: string[] = [];
      const told: string[] = [];
      const code = await runKyoka(words, {
        env: { ...env, KYOKA_URL: place.url, KYOKA_TOKEN: token, ...more },
        lines: async function* () {},
        write: (line) => void out.push(line),
        tell: (line) => void told.push(line),
      });
      if (code !== 0) throw new Error(`kyoka ${words[0]} ended with ${code}: ${told.join('; ')}`);
      return JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown>;
    },
    async remove() {
      await place.remove();
      await broker?.kill('SIGKILL').catch(() => undefined);
    },
  };
  try {
    await system.start();
    const vault = await openVault({ keyDir: settings.keyDir, dataDir: settings.dataDir });
    await bring(system, { vault, token }, step);
    await system.kyoka(['backup']);
    await system.kyoka(['backup', 'keys', system.keyCopies]);
    await system.stop();
  } catch (fault) {
    await system.remove();
    throw fault;
  }
  return system;
}

/** Address of the database of a running system, as its owner. */
export async function databaseOf({ settings }: LoadedSystem, vault: Vault): Promise<string> {
  const password = vault.secret(EMBEDDED_PASSWORD).toString('base64url');
  const url = await runningEmbedded({ dataDir: settings.dataDir, password });
  if (url === undefined) throw new Error('the database does not run');
  return url;
}

async function bring(
  system: LoadedSystem,
  { vault, token }: { readonly vault: Vault; readonly token: string },
  step: (title: string) => (done: string) => void,
): Promise<void> {
  const url = await databaseOf(system, vault);
  const pools: Pool[] = [];
  const open = async (role: 'kyoka_permissions' | 'kyoka_audiences') => {
    const pool = await openPool(url, { role, max: 2, applicationName: 'attack' });
    pools.push(pool);
    return pool;
  };
  try {
    const [permissions, audiences] = [
      await open('kyoka_permissions'),
      await open('kyoka_audiences'),
    ];
    const played = sandboxAddresses(system);
    await switchSampleOn({ audiences, clock: Date.now, played });
    await sleep(POLICIES_READ_MS);
    const api = openApi(system.place.url, token);
    const at = step(`events of ${system.company.people} people`);
    await sendAll(system, { permissions, vault, api, clock: Date.now }, at);
    const progress = { at: step('audiences'), result: () => undefined };
    await runSampleAudiences(
      { now: Date.now(), owner: OWNER, played: new Set(played.keys()) },
      { api, audiences, progress },
    );
    await suspendOne(api, { at: step('one suspension'), result: () => undefined });
    const [email, phone] = DEMO_CONTACTS;
    const values = [email.value, phone.value];
    await keepAnswers(join(system.place.folder, 'answers'), {
      url: system.place.url,
      token,
      values,
    });
  } finally {
    for (const pool of pools) await pool.destroy();
  }
}

function sandboxAddresses({ place }: LoadedSystem): Map<string, string> {
  const sandbox = `http://127.0.0.1:${place.env['KYOKA_SANDBOX_PORT']}`;
  const { google, meta } = SANDBOX_CREDENTIALS;
  return new Map([
    [
      'google',
      googleDestination({ baseUrl: `${sandbox}/google`, operatingAccountId: google.accountId }),
    ],
    ['meta', metaDestination({ baseUrl: `${sandbox}/meta`, adAccountId: meta.adAccountId })],
  ]);
}

type Ports = Omit<Parameters<typeof feed>[2], 'producer'>;

/** Signed and sealed through the broker where there is one, else over HTTP. */
async function sendAll(
  { company, broker }: LoadedSystem,
  ports: Ports,
  at: (done: string) => void,
): Promise<void> {
  const told = async (fed: number) => at(`${fed} of ${company.events.length} events`);
  if (broker === undefined) {
    const events = company.events.map((event) => ({ ...event, route: { via: 'http' as const } }));
    const producer = { send: async () => undefined, close: async () => undefined };
    await feed({ ...company, events }, 0, { ...ports, producer }, told);
    return;
  }
  const kafka = createKafka({ brokers: [broker.address], clientId: 'attack' });
  const producer = await createKafkaProducer(kafka);
  await feed(company, 0, { ...ports, producer }, told);
  await producer.close();
  const inputs = TOPICS.filter(({ direction }) => direction === 'in').map(({ name }) => name);
  await eventually(
    'everything is taken in',
    async () => {
      const lag = await consumerLag(kafka, INTAKE_GROUP, inputs);
      at(`${lag} in the topics`);
      return lag === 0;
    },
    { withinMs: 10 * MINUTE, everyMs: 500 },
  );
}
