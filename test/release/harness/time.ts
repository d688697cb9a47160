import { SECOND } from '@kyoka/kernel';
import { readRun, type ReleaseContext, type RunReport, workerSteps } from '@kyoka/release';
import type { Company } from './company.js';

/** Every kind of round, until none of them finds anything to do. The clock stands. */
export async function settle(context: ReleaseContext): Promise<void> {
  const steps = Object.values(workerSteps(context));
  for (let round = 0; round < 200; round += 1) {
    let worked = false;
    for (const step of steps) worked = (await step()) || worked;
    if (!worked) return;
  }
  throw new Error('the worker never came to rest');
}

/** Lets time pass in steps, with a worker at work. */
export async function pass(
  company: Pick<Company, 'clock' | 'context'>,
  ms: number,
  stepMs = SECOND,
): Promise<void> {
  for (let left = ms; left > 0; left -= stepMs) {
    company.clock.now += Math.min(left, stepMs);
    await settle(company.context);
  }
}

export async function reportOf(company: Pick<Company, 'db'>, run: string): Promise<RunReport> {
  const report = await readRun(company.db, run);
  if (report === undefined) throw new Error('no such run');
  return report;
}
