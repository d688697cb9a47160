import { randomUUID } from 'node:crypto';
import type { Identity } from '@kyoka/access';
import { SCOPES } from '@kyoka/contracts';
import {
  AccessModule,
  AudiencesModule,
  createEdge,
  HealthModule,
  IntakeModule,
  PermissionsModule,
} from '@kyoka/edge';
import type { IntakeAnswer, RawEvent } from '@kyoka/intake';

export const CANARY = 'canary.taro@example.jp';
export const TOKEN = 'kyoka_valid';
export const SATO: Identity = {
  owner: 'user:sato',
  credential: randomUUID(),
  roles: [],
  scopes: new Set(SCOPES),
  makers: [],
  startsAt: 0,
  endsAt: 1,
};
export const ID = randomUUID();
export const EVENTS = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const EVENT = {
  specversion: '1.0',
  id: 'e-1',
  source: 'store',
  type: 'jp.kyoka.order.placed.v1',
  time: '2026-11-20T09:12:33+09:00',
  data: { b: 2, a: 1 },
};

/** What the ports of the edge were given, and how they answer. */
export interface Played {
  taken: RawEvent[];
  calls: { name: string; given: unknown[] }[];
  /** What was reported as a fault of the service. */
  faults: unknown[];
  answerAll: IntakeAnswer;
  failure: unknown;
  healthy: boolean;
  /** Every route that the server knows, as `METHOD path`. */
  routes: string[];
  /** What each route needs, by the same name. */
  needs: Map<string, unknown>;
}

export interface Ask {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly type?: string;
  readonly token?: string | null;
  readonly headers?: Record<string, string>;
}

/** The whole edge, over ports that only note what they are given. Nothing listens. */
export async function edgeWithoutStores() {
  const played: Played = {
    taken: [],
    calls: [],
    faults: [],
    answerAll: { outcome: 'accepted' },
    failure: undefined,
    healthy: true,
    routes: [],
    needs: new Map(),
  };
  const { noting, intake } = ports(played);
  const switches = noting('switches', 'change');
  const app = await createEdge({
    roles: [
      IntakeModule.with({
        intake,
        parked: noting('parked', 'list', 'replay', 'dismiss'),
        publishers: noting('publishers', 'list', 'register', 'rotate', 'revoke'),
        rights: { unsigned: new Set(), plaintext: new Set() },
        counted: () => undefined,
      }),
      PermissionsModule.with({
        decisions: noting('decisions', 'decide', 'decideSubject', 'read'),
        subjects: noting('subjects', 'read', 'find'),
        links: noting('links', 'make', 'makeMany'),
        suspensions: noting('suspensions', 'suspend', 'read'),
        erasures: noting('erasures', 'erase', 'read'),
        readers: noting('readers', 'list', 'register', 'end'),
        disclosures: noting('disclosures', 'list', 'read', 'open', 'decide', 'handOver'),
        freezes: noting('freezes', 'list', 'set', 'lift'),
      }),
      AccessModule.with({
        tokens: noting('tokens', 'make', 'list', 'revoke', 'endOwner'),
        signIn: {
          hasProvider: true,
          secure: false,
          ...noting('signIn', 'start', 'finish', 'useLink', 'end'),
        },
      }),
      AudiencesModule.with({
        audiences: noting('audiences', 'define', 'read', 'run', 'readRun', 'end'),
        recipients: noting('recipients', 'register'),
        switches,
        policyTrials: noting('policyTrials', 'try'),
        policyVersions: noting('policyVersions', 'list'),
      }),
      HealthModule.with({ database: () => played.healthy }),
    ],
    access: {
      identify: async (kind, secret) => (kind === 'token' && secret === TOKEN ? SATO : undefined),
      quotas: { take: async () => undefined },
    },
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    maxBodyBytes: 8 * 1024 * 1024,
    onFault: (fault) => played.faults.push(fault),
  });
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onRoute', ({ method, url, config }) => {
      for (const one of [method].flat()) {
        played.routes.push(`${one} ${url}`);
        played.needs.set(`${one} ${url}`, (config as { access?: unknown }).access);
      }
    });
  await app.init();
  return {
    played,
    /** Forgets what was noted, and answers everything well again. */
    reset() {
      Object.assign(played, {
        taken: [],
        calls: [],
        faults: [],
        answerAll: { outcome: 'accepted' },
        failure: undefined,
        healthy: true,
      });
    },
    close: () => app.close(),
    async ask(path: string, options: Ask = {}) {
      const { body, type = 'application/json', token = TOKEN, headers = {} } = options;
      const text =
        body === undefined || typeof body === 'string' || Buffer.isBuffer(body)
          ? body
          : JSON.stringify(body);
      const reply = await app.inject({
        method: options.method ?? (body === undefined ? 'GET' : 'POST'),
        url: path,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(text === undefined ? {} : { 'content-type': type }),
          ...headers,
        },
        ...(text === undefined ? {} : { payload: text as string }),
      });
      return {
        status: reply.statusCode,
        headers: reply.headers,
        text: reply.body,
        json: () => JSON.parse(reply.body) as Record<string, unknown>,
      };
    },
  };
}

function ports(played: Played) {
  /** A port whose methods note their calls and answer with nothing of interest. */
  function noting<const M extends string>(port: string, ...methods: M[]) {
    const note =
      (method: string) =>
      async (...given: unknown[]) => {
        played.calls.push({ name: `${port}.${method}`, given });
        if (played.failure !== undefined) throw played.failure;
        return {} as never;
      };
    return Object.fromEntries(methods.map((method) => [method, note(method)])) as Record<
      M,
      () => Promise<never>
    >;
  }
  const intake = {
    async ingest(events: readonly RawEvent[]) {
      if (played.failure !== undefined) throw played.failure;
      played.taken.push(...events);
      return events.map(() => played.answerAll);
    },
  };
  return { noting, intake };
}
