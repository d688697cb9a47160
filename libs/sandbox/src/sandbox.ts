import { KyokaError, type Clock } from '@kyoka/kernel';
import { fastify } from 'fastify';
import { controlRoutes } from './control.js';
import { Faults, type Fault, type FaultRequest } from './faults.js';
import { googleNetwork } from './google/network.js';
import { healthRoutes } from './health.js';
import { Journal, type JournalEntry } from './journal.js';
import { type MailServer, startMailServer } from './mail/mail-server.js';
import { mailRoutes } from './mail/viewer.js';
import { metaNetwork } from './meta/network.js';
import type { Network } from './words.js';
import { World, type ListState } from './world.js';

export interface SandboxOptions {
  /** A loopback address. */
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Of the mail server; 0: any free one. */
  readonly mailPort?: number;
  readonly clock: Clock;
  /** Where the journal lies, made if missing. One process at a time. */
  readonly folder: string;
  /** A keyed digest of a match key: all that is kept of it. */
  readonly digestKey: (matchKey: string) => string;
  /** The longest that processing takes; each job takes a random part of it. In milliseconds. */
  readonly timing: { readonly googleProcessingMs: number; readonly metaProcessingMs: number };
  /** From 0 to below 1. */
  readonly random?: () => number;
}

export interface Sandbox {
  /** Base addresses for the connectors. */
  readonly urls: Readonly<Record<Network, string>>;
  readonly journal: {
    /** Entries after number `seq`, in order. */
    entries(seq?: number): JournalEntry[];
  };
  readonly faults: {
    add(fault: FaultRequest): void;
    clear(): void;
    waiting(): readonly Fault[];
  };
  /** Every list with whom it holds now, as keyed digests. */
  lists(): ListState[];
  /** The mail server of everybody, and the page that shows what it took. */
  readonly mail: Pick<MailServer, 'url' | 'mails' | 'faults'> & { readonly pageUrl: string };
  close(): Promise<void>;
}

const LOOPBACK = ['127.0.0.1', '::1', 'localhost', '[::1]'];
const MAX_BODY_BYTES = 32 * 1024 * 1024;

/**
 * Plays both ad networks, and a mail server, on this machine. Lists, members and unfinished jobs of an earlier run in
 * the same folder are there again.
 *
 * @throws KyokaError `config_invalid` for an address beyond loopback; `already_running` if the port
 *   is taken
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, clock, digestKey, timing } = options;
  if (!LOOPBACK.includes(host)) {
    throw new KyokaError('config_invalid', 'the sandbox listens on loopback only');
  }
  const journal = new Journal(options.folder);
  const faults = new Faults();
  const world = new World({
    journal,
    clock,
    random: options.random ?? Math.random,
    processingMs: { google: timing.googleProcessingMs, meta: timing.metaProcessingMs },
  });
  const context = { world, journal, faults, clock, digestKey };

  const app = fastify({ bodyLimit: MAX_BODY_BYTES, forceCloseConnections: true });
  // A web page whose name is made to point here comes with that name.
  app.addHook('onRequest', async (request, reply) => {
    if (!LOOPBACK.includes(request.hostname)) return reply.code(403).send();
    return undefined;
  });
  healthRoutes(app, context);
  controlRoutes(app, context);
  const mail = await startMailServer(clock, options.mailPort);
  mailRoutes(app, mail);
  await app.register(async (scope) => googleNetwork(scope, context), { prefix: '/google' });
  await app.register(async (scope) => metaNetwork(scope, context), { prefix: '/meta' });
  const address = await app.listen({ host, port }).catch(async (error: unknown) => {
    await app.close();
    await mail.close();
    journal.close();
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    throw taken
      ? new KyokaError(
          'already_running',
          'the port of the sandbox is taken; set KYOKA_SANDBOX_PORT to another',
        )
      : new KyokaError('internal', 'the sandbox could not listen');
  });
  return {
    urls: { google: `${address}/google`, meta: `${address}/meta` },
    journal,
    faults,
    lists: () => world.lists(),
    mail: { ...mail, pageUrl: `${address}/sandbox/mail` },
    close: async () => {
      await app.close();
      await mail.close();
      journal.close();
    },
  };
}
