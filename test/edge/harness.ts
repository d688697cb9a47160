import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Access, openAccess, type ProviderSettings } from '@kyoka/access';
import {
  AccessModule,
  AudiencesModule,
  ConsoleModule,
  consoleService,
  createEdge,
  createServices,
  databaseAnswers,
  HealthModule,
  IntakeModule,
  PermissionsModule,
  PersonModule,
  PublishedModule,
  PoliciesInForce,
  type SummaryContext,
} from '@kyoka/edge';
import { openJournal } from '@kyoka/evidence';
import { smtpMailer } from '@kyoka/mail';
import { dutyMails, type PersonPorts } from '@kyoka/person';
import type { TokenRequest } from '@kyoka/contracts';
import { type Clock, DAY, formatInstant, HOUR, SECOND, tokyoDay } from '@kyoka/kernel';
import { reachOf, readPolicySet } from '@kyoka/permission-store';
import { openPool, type Pool, queryable } from '@kyoka/postgres';
import {
  barrierGuard,
  DEFAULT_SETTINGS,
  registerRecipient,
  storedDecisions,
  storedStops,
  vaultMatchKeys,
  Worker,
} from '@kyoka/release';
import type { Sandbox } from '@kyoka/sandbox';
import { databaseForTests, startProxy, type TcpProxy } from '@kyoka/testing';
import { openVault } from '@kyoka/vault';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { type Asking, askingAt } from './asking.js';
import { playNetworks } from './played-networks.js';

export const POLICY = 'almado@1';

/** The whole edge as a real HTTP server over real stores, two networks that the sandbox plays, and two people. */
export interface Harness {
  readonly url: string;
  readonly keyDir: string;
  readonly summary: SummaryContext;
  /** Not started: nothing is released or removed before a test starts it. */
  readonly worker: Worker;
  readonly tokens: Readonly<Record<'sato' | 'suzuki', string>>;
  readonly access: Access;
  /** Everything that was reported as a fault of the service. */
  readonly faults: unknown[];
  /** Everything that the server wrote into its log. */
  readonly logged: unknown[];
  /** What lies between the service and its database. */
  readonly wire: TcpProxy;
  /** As `user:sato` unless told otherwise. */
  readonly ask: Asking;
  readonly databaseUrl: string;
  /** The door of another process on the same database. */
  anotherDoor(clock?: Clock): Access;
  /** The networks and the mail server that are played. */
  readonly played: Pick<Sandbox, 'mail' | 'lists' | 'journal' | 'faults'>;
  readonly person: PersonPorts;
  /** Moves the clock of the person's pages, and of nothing else. */
  readonly pagesClock: { ahead: number };
  /** Sends the duty mails that wait, and tells how each ended. */
  sendMails(): Promise<string[]>;
  /** Makes a token of an owner, as `user:sato`; it has these scopes and no role. */
  tokenOf(owner: string, scopes: TokenRequest['scopes']): Promise<string>;
  /** Makes a token as if it were another time. */
  tokenAt(clock: Clock, validForMs: number): Promise<string>;
  /** Switches a policy or recipient on, over HTTP, by both people. */
  switchOn(path: string): Promise<void>;
  close(): Promise<void>;
}

const TERMS = { hours: 10, idleMinutes: 60, tokenDays: 90, quotaPerMinute: 600_000 };

const QUICK = {
  ...DEFAULT_SETTINGS,
  idleMs: 100,
  reportWithinMs: 2 * SECOND,
  retry: { firstMs: 200, mostMs: SECOND },
};

/**
 * @param strategy what feeds the topics' handlers; without, nothing does
 * @param signInAt the identity provider, if people sign in at one
 */
export async function openHarness(
  strategy?: CustomTransportStrategy,
  signInAt?: Omit<ProviderSettings, 'redirectUri'>,
): Promise<Harness> {
  const clock = () => Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-edge-'));
  const keyDir = join(folder, 'keys');
  const database = await databaseForTests();
  const { hostname: host, port } = new URL(database.url);
  const wire = await startProxy({ host, port: Number(port) });
  const url = Object.assign(new URL(database.url), { host: `${wire.host}:${wire.port}` }).href;
  const vault = await openVault({ keyDir, create: true });
  const pool = (role: 'kyoka_permissions' | 'kyoka_audiences') =>
    openPool(url, { role, max: 8, applicationName: 'edge-test' });
  const permissions = await pool('kyoka_permissions');
  const audiences = await pool('kyoka_audiences');
  const journal = await openJournal({ dir: join(folder, 'journal'), writer: 'test' });
  const {
    addressOf,
    connectors,
    mail,
    lists,
    journal: played,
    faults: orders,
    close,
  } = await playNetworks(join(folder, 'sandbox'), vault);
  const policies = await readPolicySet('deploy');
  const worker = new Worker({
    pool: audiences,
    decide: storedDecisions(policies, addressOf),
    reachOf,
    stopsInForce: storedStops(policies),
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors,
    clock,
    log: () => undefined,
    settings: QUICK,
  });
  for (const network of connectors.keys()) await registerNetwork(audiences, network);

  let served = '';
  const pagesClock = { ahead: 0 };
  const services = createServices({
    permissions,
    audiences,
    vault,
    policies,
    inForce: new PoliciesInForce(queryable(permissions), policies),
    intake: { journal, journalWriter: 'test' },
    addressOf,
    clock,
    wake: () => worker.wake(),
    pages: {
      publicUrl: () => served,
      terms: { preferencesMs: 90 * DAY, oneClickMs: 180 * DAY, confirmationMs: DAY },
      mailing: true,
      wakeMails: () => undefined,
    },
  });
  const provider = signInAt && {
    ...signInAt,
    get redirectUri() {
      return `${served}/sign-in/callback`;
    },
  };
  const doorAt = (then: Clock) =>
    openAccess(permissions, { vault, clock: then, terms: TERMS, provider });
  const access = doorAt(clock);
  const person = { ...services.person, clock: () => clock() + pagesClock.ahead };
  const tokens = {
    sato: await access.tokens.create({ owner: 'user:sato', validForMs: DAY }),
    suzuki: await access.tokens.create({ owner: 'user:suzuki', validForMs: DAY }),
  };
  const faults: unknown[] = [];
  const logged: unknown[] = [];
  const log = (...words: unknown[]) => void logged.push(words);
  const app = await createEdge({
    roles: [
      IntakeModule.with({
        ...services,
        rights: { unsigned: new Set(), plaintext: new Set() },
        counted: () => undefined,
      }),
      PermissionsModule.with(services),
      AudiencesModule.with(services),
      ConsoleModule.with({
        ...services,
        console: consoleService({ permissions, audiences, policies, addressOf, clock }),
        tokens: access.tokens,
        sessions: access.sessions,
      }),
      AccessModule.with({ tokens: access.tokens, signIn: { ...access.signIn, secure: false } }),
      PersonModule.with(person),
      PublishedModule.with(services),
      HealthModule.with({ database: databaseAnswers(queryable(permissions)) }),
    ],
    access,
    logger: { log, warn: log, error: log },
    maxBodyBytes: 8 * 1024 * 1024,
    onFault: (fault) => faults.push(fault),
  });
  if (strategy !== undefined) {
    app.connectMicroservice({ strategy });
    await app.startAllMicroservices();
  }
  await app.listen(0, '127.0.0.1');
  served = await app.getUrl();
  const ask = askingAt(served, tokens.sato);

  return {
    url: served,
    databaseUrl: url,
    keyDir,
    summary: { permissions, audiences, policies, addressOf, clock },
    worker,
    tokens,
    access,
    faults,
    logged,
    wire,
    ask,
    async tokenOf(owner, scopes) {
      const endsAt = formatInstant(clock() + HOUR);
      const body = { name: 'test', owner, scopes, endsAt };
      return (await ask('/v1/tokens', { body })).json<{ token: string }>().token;
    },
    anotherDoor: (then = clock) => doorAt(then),
    played: { mail, lists, journal: played, faults: orders },
    person,
    pagesClock,
    async sendMails() {
      const told: string[] = [];
      const mailer = smtpMailer({ url: mail.url, from: 'Kyoka <privacy@shop.example>' }, clock);
      const task = dutyMails(person, mailer, ({ state, reason }) =>
        told.push(`${state} ${reason}`),
      );
      while ((await task.run(person.clock())) > 0);
      return told;
    },
    tokenAt: (then, validForMs) => doorAt(then).tokens.create({ owner: 'user:sato', validForMs }),
    async switchOn(path) {
      const asked = await ask(path, { body: { act: 'request_on', reason: 'test' } });
      const { pending } = asked.json<{ pending: { request: string } }>();
      const body = { act: 'approve_on', request: pending.request };
      await ask(path, { body, token: tokens.suzuki });
    },
    async close() {
      await worker.stop();
      await app.close();
      await close();
      await journal.close();
      await permissions.destroy();
      await audiences.destroy();
      await wire.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function registerNetwork(audiences: Pool, network: string): Promise<void> {
  const recipient = {
    id: network,
    network,
    kind: 'ad_network',
    basis: 'consent',
    contractRef: 'contract-1',
    useLimitRef: 'terms-1',
    items: ['hashed_email', 'hashed_phone'],
    country: 'US',
    foreignBasis: 'consent',
    party: { name: network, address: '1 Test Street', representative: 'test representative' },
    reviewedAt: tokyoDay(Date.now()),
  } as const;
  await registerRecipient(audiences, recipient, 'user:sato', Date.now());
}
