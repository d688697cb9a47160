import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { type Told, UNKEPT } from '../told.js';

/** How far the first run has come. Kept beside the database, so that a killed one is taken up. */
export interface SamplePlan {
  seed: number;
  people: number;
  /** The moment that the sample company lives up to, in milliseconds. */
  now: number;
  /** How many events have been sent and answered. */
  fed: number;
  told: Told;
  finished: boolean;
}

const COUNTS = ['seed', 'people', 'now', 'fed'] as const;

const fileOf = (dataDir: string): string => join(dataDir, 'sample.json');

/** @throws KyokaError `config_invalid` if the file is not one of ours */
export async function readPlan(dataDir: string): Promise<SamplePlan | undefined> {
  const text = await readFile(fileOf(dataDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const plan = parsed(text);
  if (isPlan(plan)) return plan;
  throw new KyokaError('config_invalid', 'sample.json in the data folder cannot be read', {
    faults: [{ field: 'KYOKA_DATA_DIR', expected: 'a folder as a start of Kyoka left it' }],
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPlan(value: unknown): value is SamplePlan {
  if (typeof value !== 'object' || value === null) return false;
  const plan = value as Record<string, unknown>;
  return (
    typeof plan['finished'] === 'boolean' &&
    COUNTS.every((name) => Number.isSafeInteger(plan[name])) &&
    typeof plan['told'] === 'object' &&
    UNKEPT.every((name) => Number.isSafeInteger((plan['told'] as Partial<Told> | null)?.[name]))
  );
}

/** Replaces the file as a whole: a kill leaves the one before. */
export async function writePlan(dataDir: string, next: SamplePlan): Promise<void> {
  const draft = `${fileOf(dataDir)}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(next)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(dataDir));
}
