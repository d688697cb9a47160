import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { KEY_BACKUP_DAYS } from '@kyoka/erasure';
import { DAY, type Instant } from '@kyoka/kernel';
import { copyKeys, destroyKeySet } from '@kyoka/vault';
import { momentIn, namesIn, stampOf } from './files.js';

export const KEY_SET = /^keys-\d{8}T\d{6}Z$/;

export interface KeyBackupReport {
  readonly folder: string;
  readonly files: number;
  /** Sets that were too old, and are gone. */
  readonly destroyed: readonly string[];
}

/**
 * Copies the keys into a set of their own, `DIR/keys-MOMENT`, and destroys sets older than 14 days: a
 * copy of a key that erasure destroyed must not outlive the day that its receipt names (design §2.7).
 */
export async function backupKeys(
  keyDir: string,
  dir: string,
  at: Instant,
): Promise<KeyBackupReport> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const folder = join(dir, `keys-${stampOf(at)}`);
  const files = await copyKeys(keyDir, folder);
  const destroyed = (await namesIn(dir)).filter((name) => KEY_SET.test(name) && isOver(name, at));
  for (const name of destroyed) await destroyKeySet(join(dir, name));
  return { folder, files, destroyed };
}

/** Whether a set of keys is past its term. */
export function isOver(name: string, at: Instant): boolean {
  const made = momentIn(name);
  return made !== undefined && made + KEY_BACKUP_DAYS * DAY < at;
}
