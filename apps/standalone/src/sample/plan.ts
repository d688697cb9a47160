import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { z } from 'zod';

const plan = z.object({
  seed: z.int(),
  people: z.int(),
  /** The moment that the sample company lives up to, in milliseconds. */
  now: z.number(),
  /** How many events have been sent and answered. */
  fed: z.int(),
  duplicate: z.int(),
  skipped: z.int(),
  finished: z.boolean(),
});

/** How far the first run has come. Kept beside the database, so that a killed one is taken up. */
export type SamplePlan = z.infer<typeof plan>;

const fileOf = (dataDir: string): string => join(dataDir, 'sample.json');

/** @throws KyokaError `config_invalid` if the file is not one of ours */
export async function readPlan(dataDir: string): Promise<SamplePlan | undefined> {
  const text = await readFile(fileOf(dataDir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return plan.parse(JSON.parse(text));
  } catch (cause) {
    throw new KyokaError('config_invalid', 'sample.json in the data folder cannot be read', {
      cause,
      faults: [{ field: 'KYOKA_DATA_DIR', expected: 'a folder as a start of Kyoka left it' }],
    });
  }
}

/** Replaces the file as a whole: a kill leaves the one before. */
export async function writePlan(dataDir: string, next: SamplePlan): Promise<void> {
  const draft = `${fileOf(dataDir)}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(next)}\n`, { mode: 0o600 });
  await rename(draft, fileOf(dataDir));
}
