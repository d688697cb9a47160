import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * The process id of a server that still runs on this data directory, left by a parent that was killed;
 * `undefined` when there is none. `postmaster.pid` alone proves nothing: after a crash another process
 * may have its number, so the command line must name the directory too.
 */
export async function findOrphan(directory: string): Promise<number | undefined> {
  const file = await readFile(join(directory, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(file, 10);
  if (!Number.isInteger(pid) || pid <= 1 || pid === process.pid) return undefined;
  return (await commandLine(pid)).includes(directory) ? pid : undefined;
}

/** Asks a server to stop (SIGINT: end sessions, write a checkpoint) and waits; SIGQUIT after `patienceMs`. */
export async function endServer(
  pid: number,
  isAlive: () => boolean,
  patienceMs: number,
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!send(pid, signal)) return;
    for (let waited = 0; waited < patienceMs; waited += POLL_MS) {
      if (!isAlive()) return;
      await sleep(POLL_MS);
    }
  }
}

export function processIsAlive(pid: number): boolean {
  return send(pid, 0);
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** The words of a process's command line, from /proc or, where there is none (macOS), from ps. */
async function commandLine(pid: number): Promise<readonly string[]> {
  if (process.platform === 'linux') {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return words.split('\0');
  }
  try {
    const line = execFileSync('ps', ['-p', String(pid), '-o', 'command='], {
      encoding: 'utf8',
    }).trim();
    return [line, ...[...line.matchAll(/ -D (.+?)(?= -c |$)/g)].map(([, word = '']) => word)];
  } catch {
    return [];
  }
}
