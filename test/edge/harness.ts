import { createSecretKey } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { googleConnector } from '@kyoka/connector-google';
import { metaConnector } from '@kyoka/connector-meta';
import {
  accessTokens,
  AudiencesModule,
  createEdge,
  createServices,
  databaseAnswers,
  HealthModule,
  IntakeModule,
  PermissionsModule,
  PoliciesInForce,
  type Services,
  type SummaryContext,
} from '@kyoka/edge';
import { openJournal } from '@kyoka/evidence';
import { DAY, SECOND } from '@kyoka/kernel';
import { reachOf, readPolicySet } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import {
  barrierGuard,
  DEFAULT_SETTINGS,
  registerRecipient,
  storedDecisions,
  vaultMatchKeys,
  Worker,
} from '@kyoka/release';
import { SANDBOX_CREDENTIALS, startSandbox } from '@kyoka/sandbox';
import { databaseForTests } from '@kyoka/testing';
import { openVault } from '@kyoka/vault';

export const POLICY = 'almado@1';

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly type?: string;
  /** `null`: none at all. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: any;
}

/** The whole edge as a real HTTP server over real stores, two networks that the sandbox plays, and two people. */
export interface Harness {
  readonly url: string;
  readonly services: Services;
  readonly summary: SummaryContext;
  readonly worker: Worker;
  readonly tokens: Readonly<Record<'sato' | 'suzuki', string>>;
  /** Everything that was reported as a fault of the service. */
  readonly faults: unknown[];
  /** As `user:sato` unless told otherwise. */
  ask(path: string, ask?: Ask): Promise<Answer>;
  /** Switches a policy or recipient on, over HTTP, by both people. */
  switchOn(path: string): Promise<void>;
  close(): Promise<void>;
}

const QUICK = {
  ...DEFAULT_SETTINGS,
  idleMs: 100,
  reportWithinMs: 2 * SECOND,
  retry: { firstMs: 200, mostMs: SECOND },
};
const PLAYED_MS = 300;
const TIMING = {
  processingTimeMs: PLAYED_MS + 300,
  firstPollAfterMs: 100,
  giveUpAfterMs: 30 * SECOND,
  pollBackoff: { factor: 2, maxMs: 200 },
};

export async function openHarness(): Promise<Harness> {
  const clock = () => Date.now();
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-edge-'));
  const database = await databaseForTests();
  const vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  const pool = (role: 'kyoka_permissions' | 'kyoka_audiences') =>
    openPool(database.url, { role, max: 8, applicationName: 'edge-test' });
  const permissions = await pool('kyoka_permissions');
  const audiences = await pool('kyoka_audiences');
  const journal = await openJournal({ dir: join(folder, 'journal'), writer: 'test' });
  const sandbox = await startSandbox({
    clock,
    folder: join(folder, 'sandbox'),
    digestKey: (matchKey) => vault.mac('sandbox-journal', matchKey).toString('base64url'),
    timing: { googleProcessingMs: PLAYED_MS, metaProcessingMs: PLAYED_MS },
  });
  const addressOf = (network: string | null) =>
    network === 'google' || network === 'meta' ? sandbox.urls[network] : undefined;
  const policies = await readPolicySet('deploy');
  const inForce = new PoliciesInForce(queryable(permissions), policies);

  const { google, meta } = SANDBOX_CREDENTIALS;
  const worker = new Worker({
    pool: audiences,
    decide: storedDecisions(policies, addressOf),
    reachOf,
    guard: barrierGuard(reachOf),
    matchKeyOf: vaultMatchKeys(vault),
    connectors: new Map([
      [
        'google',
        googleConnector({
          baseUrl: sandbox.urls.google,
          operatingAccountId: google.accountId,
          token: async () => google.token,
          termsAccepted: true,
          clock,
          timing: TIMING,
        }),
      ],
      [
        'meta',
        metaConnector({
          baseUrl: sandbox.urls.meta,
          adAccountId: meta.adAccountId,
          token: async () => meta.token,
          appSecret: createSecretKey(meta.appSecret, 'utf8'),
          clock,
          timing: {
            processingTimeMs: TIMING.processingTimeMs,
            giveUpAfterMs: TIMING.giveUpAfterMs,
          },
        }),
      ],
    ]),
    clock,
    log: (code, f) => process.stdout.write(`${code} ${JSON.stringify(f)}\n`),
    settings: QUICK,
  });
  for (const id of ['google', 'meta']) {
    await registerRecipient(
      audiences,
      {
        id,
        network: id,
        kind: 'ad_network',
        basis: 'consent',
        contractRef: 'contract-1',
        useLimitRef: 'terms-1',
        items: ['hashed_email', 'hashed_phone'],
        country: 'US',
        foreignBasis: 'consent',
        reviewedAt: new Date().toISOString().slice(0, 10),
      },
      'user:sato',
      clock(),
    );
  }

  const services = createServices({
    permissions,
    audiences,
    vault,
    policies,
    inForce,
    intake: { journal, journalWriter: 'test' },
    addressOf,
    clock,
    wake: () => worker.wake(),
  });
  const access = accessTokens(queryable(permissions), { vault, clock });
  const tokens = {
    sato: await access.create({ owner: 'user:sato', validForMs: DAY }),
    suzuki: await access.create({ owner: 'user:suzuki', validForMs: DAY }),
  };
  const faults: unknown[] = [];
  const app = await createEdge({
    roles: [
      IntakeModule.with({
        ...services,
        rights: { unsigned: new Set(), plaintext: new Set() },
        counted: () => undefined,
      }),
      PermissionsModule.with(services),
      AudiencesModule.with(services),
      HealthModule.with({ database: databaseAnswers(queryable(permissions)) }),
    ],
    tokens: access,
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    maxBodyBytes: 8 * 1024 * 1024,
    onFault: (fault) => faults.push(fault),
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();

  async function ask(path: string, options: Ask = {}): Promise<Answer> {
    const { body, type = 'application/json', token = tokens.sato, headers = {} } = options;
    const method = options.method ?? (body === undefined ? 'GET' : 'POST');
    const payload =
      body === undefined || typeof body === 'string' || body instanceof Uint8Array
        ? body
        : JSON.stringify(body);
    const answer = await fetch(new URL(path, url), {
      method,
      headers: {
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(payload !== undefined && { 'content-type': type }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload as string }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: text === '' ? undefined : JSON.parse(text),
    };
  }

  return {
    url,
    services,
    summary: { permissions, audiences, policies, addressOf, clock },
    worker,
    tokens,
    faults,
    ask,
    async switchOn(path) {
      const asked = await ask(path, { body: { act: 'request_on', reason: 'test' } });
      const request = asked.json.pending.request;
      await ask(path, { body: { act: 'approve_on', request }, token: tokens.suzuki });
    },
    async close() {
      await worker.stop();
      await app.close();
      await sandbox.close();
      await journal.close();
      await permissions.destroy();
      await audiences.destroy();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
