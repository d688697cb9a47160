import { randomInt } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { serverEnvironment } from './cluster.js';
import type { Binaries } from './binaries.js';
import { handOver, type Unprivileged } from './unprivileged.js';

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** What the server wrote since it started, its last 4 kB. */
  readonly output: () => Promise<string>;
  readonly isAlive: () => boolean;
  /** Settles when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
}

/**
 * Starts the server on a free port of 127.0.0.1, in its own process group so that a Ctrl-C on the
 * terminal doesn't reach it before the service has drained. Its log goes to a file, so that it doesn't
 * depend on us; statements and values never get there (`log_min_messages=log` drops errors, which quote values).
 */
export async function spawnServer(
  directory: string,
  { binaries, as }: { binaries: Binaries; as: Unprivileged },
): Promise<RunningServer> {
  const port = await freePort();
  const logFile = `${directory}.log`;
  const log = openSync(logFile, 'w', 0o600);
  await handOver(logFile, as);
  const [command = binaries.postgres, ...args] = [
    ...as.prefix,
    ...[binaries.postgres, '-D', directory],
    ...Object.entries(settings(port)).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ];
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: serverEnvironment(),
    ...as.ids,
  });
  closeSync(log);
  child.unref();
  return {
    pid: child.pid ?? 0,
    port,
    output: async () => (await readFile(logFile, 'utf8').catch(() => '')).slice(-4096),
    isAlive: () => child.pid !== undefined && child.exitCode === null && child.signalCode === null,
    ended: endOf(child),
  };
}

function settings(port: number): Record<string, string | number> {
  return {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    password_encryption: 'scram-sha-256',
    fsync: 'on',
    synchronous_commit: 'on',
    logging_collector: 'off',
    log_destination: 'stderr',
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_min_duration_statement: -1,
    log_parameter_max_length: 0,
    log_parameter_max_length_on_error: 0,
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
    log_statement: 'none',
  };
}

function endOf(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    // Without a free ephemeral port the server's own start fails and is tried again with another.
    probe.once('error', () => resolve(randomInt(20_000, 60_000)));
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
