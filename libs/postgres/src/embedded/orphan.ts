import { execFileSync } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 50;

/**
 * Ends a server that still runs on this data directory, left by a parent that was killed, and tells
 * whether there was one. `postmaster.pid` alone proves nothing: after a crash another process may have
 * its number, so the command line must name the directory too. PostgreSQL would refuse to start beside
 * such a bystander, so its number is taken out of the way; a number that is free is left to PostgreSQL,
 * which then also waits for what is left of the old server.
 */
export async function endOrphan(directory: string, patienceMs: number): Promise<boolean> {
  const pidFile = join(directory, 'postmaster.pid');
  const pid = Number.parseInt(await readFile(pidFile, 'utf8').catch(() => ''), 10);
  if (!Number.isInteger(pid) || !processIsAlive(pid)) return false;
  // A killed server that nobody has reaped yet still counts as alive, but has no command line.
  const servesDirectory = async () => (await commandLine(pid)).includes(directory);
  if (await servesDirectory()) {
    await endServer(pid, servesDirectory, patienceMs);
    return true;
  }
  await rm(pidFile, { force: true });
  return false;
}

/** Asks a server to stop (SIGINT: end sessions, write a checkpoint) and waits; SIGQUIT after `patienceMs`. */
export async function endServer(
  pid: number,
  isAlive: () => boolean | Promise<boolean>,
  patienceMs: number,
): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!send(pid, signal)) return;
    for (let waited = 0; waited < patienceMs; waited += POLL_MS) {
      if (!(await isAlive())) return;
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
