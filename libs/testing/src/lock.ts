import { readFile, rm, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isAlive } from './processes.js';

const PATIENCE_MS = 180_000;

/**
 * Runs `work` while no other process is inside the same lock. A lock whose holder died is taken over.
 *
 * @throws Error when the holder lives on but doesn't let go for three minutes
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  const giveUp = Date.now() + PATIENCE_MS;
  while (!(await claim(file))) {
    if (Date.now() > giveUp) throw new Error('a lock of the test run is held for too long');
    await sleep(50);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function claim(file: string): Promise<boolean> {
  const mine = `${process.pid}\n`;
  const claimed = await writeFile(file, mine, { flag: 'wx' }).then(
    () => true,
    () => false,
  );
  if (claimed) return true;
  const holder = await readFile(file, 'utf8').catch(() => '');
  if (holder.endsWith('\n') && !isAlive(Number(holder))) await rm(file, { force: true });
  return false;
}
