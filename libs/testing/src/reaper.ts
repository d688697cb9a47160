// Runs as a process of its own, straight from this file, so it imports nothing but Node.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const [owner, folder] = [Number(process.argv[2]), process.argv[3]];
if (!Number.isInteger(owner) || folder === undefined) process.exit(2);

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

while (signal(owner, 0)) await sleep(250);

const pids = await readdir(join(folder, 'pids')).catch(() => []);
await Promise.all(
  pids.map(async (name) => {
    const pid = Number(name);
    // A paused process takes no other signal before it goes on.
    signal(pid, 'SIGCONT');
    signal(pid, (await readFile(join(folder, 'pids', name), 'utf8')) as NodeJS.Signals);
    const giveUp = Date.now() + 10_000;
    while (signal(pid, 0) && Date.now() < giveUp) await sleep(50);
    signal(pid, 'SIGKILL');
  }),
);
await rm(folder, { recursive: true, force: true, maxRetries: 5 });
