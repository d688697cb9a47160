import { spawn } from 'node:child_process';
import { mkdir, readFile, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { withLock } from './lock.js';

/** The process whose end is the end of the test run: the runner itself, or this process outside of one. */
function runOwner(): number {
  return process.env['VITEST'] !== undefined && isMainThread ? process.ppid : process.pid;
}

/** Tells two processes with the same id apart; empty where the system doesn't show it. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function startReaper(owner: number, folder: string): void {
  const script = new URL(
    import.meta.url.endsWith('.ts') ? './reaper.ts' : './reaper.js',
    import.meta.url,
  );
  const reaper = spawn(process.execPath, [fileURLToPath(script), String(owner), folder], {
    detached: true,
    stdio: 'ignore',
  });
  reaper.unref();
}

const ROOM_BYTES = 4 * 2 ** 30;

/** Memory where the system offers plenty of it as a folder: each commit of a test waits for a sync. */
async function scratch(): Promise<string> {
  const memory = await statfs('/dev/shm').catch(() => undefined);
  const isRoomy = memory !== undefined && memory.bavail * memory.bsize > ROOM_BYTES;
  return isRoomy ? '/dev/shm' : tmpdir();
}

let opened: Promise<string> | undefined;

/**
 * The folder of this test run, shared by all its processes, readable by their user only. A reaper
 * process removes it, and ends the servers registered in it, when the run ends, however it ends.
 */
export function runFolder(): Promise<string> {
  opened ??= (async () => {
    const owner = runOwner();
    const folder = join(await scratch(), `kyoka-tests-${owner}-${await startTime(owner)}`);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await withLock(join(folder, 'reaper.lock'), async () => {
      const marker = join(folder, 'reaped');
      const isNew = await writeFile(marker, '', { flag: 'wx' }).then(
        () => true,
        () => false,
      );
      if (isNew) startReaper(owner, folder);
    });
    return folder;
  })();
  return opened;
}

/** Has the reaper send `signal` to process `pid` (and SIGKILL ten seconds later) when the run ends. */
export async function endWithRun(pid: number, signal: NodeJS.Signals): Promise<void> {
  const pids = join(await runFolder(), 'pids');
  await mkdir(pids, { recursive: true });
  await writeFile(join(pids, String(pid)), signal);
}

/**
 * What `make` returns, made once per test run and then shared by all its processes.
 *
 * @param name file name of the result in the run's folder; the result must survive JSON
 */
export async function oncePerRun<T>(
  name: string,
  make: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await runFolder();
  const file = join(folder, `${name}.json`);
  return withLock(join(folder, `${name}.lock`), async () => {
    const known = await readFile(file, 'utf8').catch(() => undefined);
    if (known !== undefined) return JSON.parse(known) as T;
    const made = await make(folder);
    await writeFile(file, JSON.stringify(made), { mode: 0o600 });
    return made;
  });
}
