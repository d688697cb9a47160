import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 1_000;
const STALE_MS = 15_000;

/**
 * Takes a lock between processes, waiting while another one holds it, and gives what releases it.
 * The holder touches the file every second; one that was not touched for 15 s belongs to a process that
 * is gone. (The host's Node may be 20, which offers no lock of the operating system.)
 */
export async function holdLock(path, onWait) {
  await mkdir(dirname(path), { recursive: true });
  const token = randomUUID();
  for (let waited = false; !(await take(path, token)); waited = true) {
    if (!waited) onWait();
    await removeStale(path);
    await sleep(200);
  }
  const beat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, BEAT_MS);
  return async () => {
    clearInterval(beat);
    if ((await readFile(path, 'utf8').catch(() => '')) === token) await rm(path, { force: true });
  };
}

async function take(path, token) {
  const file = await open(path, 'wx').catch(() => undefined);
  if (file === undefined) return false;
  await file.writeFile(token);
  await file.close();
  return true;
}

/** Two that see the same stale lock race for its name; only one rename wins, and it must have got the stale one. */
async function removeStale(path) {
  const seen = await stat(path).catch(() => undefined);
  if (seen === undefined || Date.now() - seen.mtimeMs < STALE_MS) return;
  const aside = `${path}.${randomUUID()}`;
  if (
    !(await rename(path, aside).then(
      () => true,
      () => false,
    ))
  )
    return;
  const moved = await stat(aside);
  if (moved.ino === seen.ino) await rm(aside, { force: true });
  else await rename(aside, path);
}
