import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  inTransaction,
  lockFolder,
  openPool,
  queryable,
  startEmbedded,
  type EmbeddedEvent,
} from '../index.js';
import { linkLibraries } from './binaries.js';
import { processIsAlive } from './orphan.js';

const PASSWORD = 'secret-of-the-test';

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kyoka-embedded-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  // Ends whatever server a killed parent left behind.
  if (existsSync(join(folder, 'postgres'))) await (await start()).stop();
  await rm(folder, { recursive: true, force: true });
});

function start(events: EmbeddedEvent[] = []) {
  return startEmbedded({ dataDir: folder, password: PASSWORD, log: (event) => events.push(event) });
}

/** Runs `body` in a Node process of its own and gives it once it has printed its first line. */
async function inChild(body: string): Promise<{ child: ChildProcess; line: string }> {
  const script = `
    const [folder, password] = process.argv.slice(1);
    const { startEmbedded, lockFolder, openPool, queryable } = await import('@kyoka/postgres');
    ${body}
    setInterval(() => undefined, 1000);`;
  const args = [
    '--conditions=@kyoka/source',
    '--import',
    './.kit/source-hooks.mjs',
    '--input-type=module',
    '-e',
    script,
  ];
  const child = spawn(process.execPath, [...args, folder, PASSWORD], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, line };
}

const CHILD_WITH_A_ROW = `
  const server = await startEmbedded({ dataDir: folder, password });
  const pool = await openPool(server.url, { max: 1, applicationName: 'child' });
  await queryable(pool).query('CREATE TABLE kept AS SELECT 7 AS n');
  console.log(server.url);`;

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

async function keptRow(url: string): Promise<unknown> {
  const pool = await openPool(url, { max: 1, applicationName: 'reader' });
  try {
    return await queryable(pool).query('SELECT n FROM kept');
  } finally {
    await pool.destroy();
  }
}

describe('the embedded server', () => {
  it('keeps its data over a stop and a start, and leaves nothing running', async () => {
    const events: EmbeddedEvent[] = [];
    const first = await start(events);
    const pool = await openPool(first.url, { max: 1, applicationName: 'writer' });
    await queryable(pool).query('CREATE TABLE kept AS SELECT 7 AS n');
    await pool.destroy();
    const pid = await postmasterPid();
    await first.stop();
    await first.stop();
    await first.ended;
    expect(processIsAlive(pid)).toBe(false);

    const second = await start(events);
    expect(await keptRow(second.url)).toEqual([{ n: 7 }]);
    await second.stop();
    expect(events).toEqual([
      'database_created',
      'database_started',
      'database_stopped',
      'database_started',
      'database_stopped',
    ]);
  });

  it('ends the server of a parent that was killed, and has every committed row', async () => {
    const { child, line: url } = await inChild(CHILD_WITH_A_ROW);
    const orphan = await postmasterPid();
    await kill(child);
    expect(processIsAlive(orphan)).toBe(true);

    const events: EmbeddedEvent[] = [];
    const server = await start(events);
    expect(events).toEqual(['database_orphan_ended', 'database_started']);
    await expect(keptRow(url)).rejects.toMatchObject({ code: 'database_unavailable' });
    expect(await keptRow(server.url)).toEqual([{ n: 7 }]);
    await server.stop();
  });

  it('recovers when parent and server were killed', async () => {
    const { child } = await inChild(CHILD_WITH_A_ROW);
    const server = await postmasterPid();
    await kill(child);
    process.kill(server, 'SIGKILL');

    const next = await start();
    expect(await keptRow(next.url)).toEqual([{ n: 7 }]);
    await next.stop();
  });

  it('tells when it ends without being asked', async () => {
    const server = await start();
    process.kill(await postmasterPid(), 'SIGKILL');
    await server.ended;
    await server.stop();
  });

  it('does no harm to a process that a stale pid file names', async () => {
    await (await start()).stop();
    const { child } = await inChild(`console.log('bystander');`);
    await writeFile(
      join(folder, 'postgres', 'postmaster.pid'),
      `${child.pid}\n${join(folder, 'postgres')}\n0\n5432\n\n\n0 0\n`,
    );
    const server = await start();
    expect(child.exitCode).toBeNull();
    expect(processIsAlive(child.pid ?? 0)).toBe(true);
    await server.stop();
  });

  it('runs beside another one on another data folder', async () => {
    const other = await mkdtemp(join(tmpdir(), 'kyoka-embedded-'));
    const servers = await Promise.all([
      start(),
      startEmbedded({ dataDir: other, password: PASSWORD }),
    ]);
    expect(new Set(servers.map(({ url }) => url)).size).toBe(2);
    await Promise.all(servers.map((server) => server.stop()));
    await rm(other, { recursive: true });
  });

  it('makes the cluster anew when its making was cut short', async () => {
    await mkdir(join(folder, 'postgres.new'));
    await writeFile(join(folder, 'postgres.new', 'PG_VERSION'), '18\n');
    const events: EmbeddedEvent[] = [];
    await (await start(events)).stop();
    expect(events[0]).toBe('database_created');
  });

  it('says so when the password is not the one the cluster was made with, and leaves nothing running', async () => {
    await (await start()).stop();
    const wrong = startEmbedded({ dataDir: folder, password: 'another' });
    await expect(wrong).rejects.toMatchObject({ code: 'key_missing' });
    expect(existsSync(join(folder, 'postgres', 'postmaster.pid'))).toBe(false);
  });

  it('writes no value into its log, also when a statement fails', async () => {
    const canary = 'canary.taro@example.jp';
    const server = await start();
    const pool = await openPool(server.url, { max: 1, applicationName: 'writer' });
    await queryable(pool).query('CREATE TABLE once (name text PRIMARY KEY)');
    for (const sql of [
      'SELECT $1::uuid',
      `INSERT INTO once SELECT $1 FROM generate_series(1, 2)`,
    ]) {
      await expect(inTransaction(pool, (tx) => tx.query(sql, [canary]))).rejects.toThrow();
    }
    await expect(queryable(pool).query(`SELECT '${canary}'::uuid`)).rejects.toThrow();
    await pool.destroy();
    await server.stop();
    const log = await readFile(join(folder, 'postgres.log'), 'utf8');
    expect(log).toContain('shut down');
    expect(log).not.toContain(canary);
  });
});

describe('a locked folder', () => {
  it('is refused to another process and to this one until it is released', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'already_running' });
    const { line } = await inChild(
      `await lockFolder(folder).catch(({ code }) => console.log(code));`,
    );
    expect(line).toBe('already_running');
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it('is free again once its holder was killed', async () => {
    const { child } = await inChild(`await lockFolder(folder); console.log('held');`);
    await expect(lockFolder(folder)).rejects.toMatchObject({ code: 'already_running' });
    await kill(child);
    await (await lockFolder(folder)).release();
  });

  it('that cannot be written is a wrong setting', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(lockFolder(join(folder, 'file'))).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
});

it('makes the links of the libraries where the install script did not run', async () => {
  const lib = join(folder, 'native', 'lib');
  await mkdir(lib, { recursive: true });
  await writeFile(join(lib, 'libx.so.60.2'), 'code');
  await symlink('libx.so.60.2', join(lib, 'libx.so'));
  const links = ['libx.so', 'libx.so.60'].map((name) => ({
    source: 'native/lib/libx.so.60.2',
    target: `native/lib/${name}`,
  }));
  await writeFile(join(folder, 'native', 'pg-symlinks.json'), JSON.stringify(links));
  await linkLibraries(folder);
  expect(await readlink(join(lib, 'libx.so.60'))).toBe('libx.so.60.2');
  expect(await readFile(join(lib, 'libx.so.60'), 'utf8')).toBe('code');
});
