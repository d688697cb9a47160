import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { KyokaError } from '@kyoka/kernel';
import { Client } from 'pg';
import { addressOf, DATABASE } from './address.js';
import { findBinaries, type Binaries } from './binaries.js';
import { ensureCluster, OWNER_ROLE } from './cluster.js';
import { endOrphan, endServer } from './orphan.js';
import { spawnServer, type RunningServer } from './server.js';
import { toKyokaError } from '../errors.js';
import { unprivileged, type Unprivileged } from './unprivileged.js';

/** What the supervisor tells while it works, for a progress line or a log. */
export type EmbeddedEvent =
  | 'database_created'
  | 'database_orphan_ended'
  | 'database_start_retried'
  | 'database_started'
  | 'database_stopped';

export interface EmbeddedOptions {
  /** The data folder; the cluster lies in `postgres` below it. One process at a time: see `lockFolder`. */
  readonly dataDir: string;
  /** Of the role `kyoka_owner`, set when the cluster is made. Kept by the caller, outside `dataDir`. */
  readonly password: string;
  /** Where the password lies in a file while the cluster is made; the system's temporary folder by default. */
  readonly secretFolder?: string;
  readonly log?: (event: EmbeddedEvent) => void;
}

export interface EmbeddedPostgres {
  /** Address of the database `kyoka`, with the owner's password. */
  readonly url: string;
  /** Ends the server cleanly; sessions still open are ended. */
  stop(): Promise<void>;
  /** Settles when the server has ended, by `stop()` or by itself. */
  readonly ended: Promise<void>;
}

const STOP_PATIENCE_MS = 30_000;
const RECOVERY_PATIENCE_MS = 300_000;
const POLL_MS = 40;
const START_ATTEMPTS = 40;
const RETRY_MS = 250;

/** Words of a server that stopped because something of a killed one is still going away, or its port was taken. */
const TRY_AGAIN =
  /shared memory block|could not bind|already exists|could not create any TCP\/IP sockets/;

/**
 * Starts PostgreSQL on a free port of 127.0.0.1 with the data below `dataDir`, making the cluster and
 * the database `kyoka` where there are none. A server left behind by a killed parent is ended first;
 * a stale `postmaster.pid` does no harm.
 *
 * @throws KyokaError `config_invalid` (no PostgreSQL for this platform, folder unusable), `key_missing`
 *   (the cluster was made with another password), `database_unavailable` (it doesn't come up; its log is
 *   `postgres.log` in the data folder)
 */
export async function startEmbedded({
  dataDir,
  password,
  secretFolder = tmpdir(),
  log = () => undefined,
}: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const directory = resolve(dataDir, 'postgres');
  await mkdir(resolve(dataDir), { recursive: true, mode: 0o700 });
  const binaries = await findBinaries();
  const as = unprivileged();

  if (await endOrphan(directory, STOP_PATIENCE_MS)) log('database_orphan_ended');
  if (await ensureCluster(directory, { binaries, as, password, secretFolder }))
    log('database_created');

  const server = await bringUp(directory, { binaries, as, password, log });
  const stop = async () => {
    if (!server.isAlive()) return;
    await endServer(server.pid, server.isAlive, STOP_PATIENCE_MS);
    await server.ended;
    log('database_stopped');
  };
  try {
    await ensureDatabase(server.port, password);
  } catch (fault) {
    await stop();
    throw toKyokaError(fault);
  }
  log('database_started');
  return {
    url: addressOf(server.port, password),
    ended: server.ended,
    stop,
  };
}

async function bringUp(
  directory: string,
  {
    binaries,
    as,
    password,
    log,
  }: {
    binaries: Binaries;
    as: Unprivileged;
    password: string;
    log: (event: EmbeddedEvent) => void;
  },
): Promise<RunningServer> {
  for (let attempt = 1; ; attempt += 1) {
    const server = await spawnServer(directory, { binaries, as });
    if (await answers(server, password)) return server;
    if (attempt >= START_ATTEMPTS || !TRY_AGAIN.test(await server.output())) {
      throw new KyokaError(
        'database_unavailable',
        'the embedded PostgreSQL did not start; see postgres.log in the data folder',
      );
    }
    log('database_start_retried');
    await sleep(RETRY_MS);
  }
}

/** Waits until the server takes connections, through crash recovery; false when it ended instead. */
async function answers(server: RunningServer, password: string): Promise<boolean> {
  for (let waited = 0; waited < RECOVERY_PATIENCE_MS; waited += POLL_MS) {
    if (!server.isAlive()) return false;
    try {
      await withClient(server.port, password, () => Promise.resolve());
      return true;
    } catch (fault) {
      if ((fault as { code?: unknown }).code === '28P01') {
        await endServer(server.pid, server.isAlive, STOP_PATIENCE_MS);
        throw new KyokaError(
          'key_missing',
          'the database of this data folder was made with another password than the one in the key folder',
        );
      }
    }
    await sleep(POLL_MS);
  }
  await endServer(server.pid, server.isAlive, STOP_PATIENCE_MS);
  return false;
}

async function ensureDatabase(port: number, password: string): Promise<void> {
  await withClient(port, password, async (client) => {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [
      DATABASE,
    ]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  });
}

async function withClient(
  port: number,
  password: string,
  work: (client: Client) => Promise<void>,
): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port,
    user: OWNER_ROLE,
    password,
    database: 'postgres',
  });
  // A server that goes away between two statements must not end the process with an unhandled event.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
