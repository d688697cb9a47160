import { type ReleaseContext, workerSteps } from '@kyoka/release';
import type { Company } from '../release/harness/index.js';

const MOST_STEPS = 120;

/** Work of a worker: what leads to releases, and what follows stops and takes people out. */
export type Work = 'releases' | 'removals';

const workOf = (name: string): Work =>
  name === 'stops' || name.startsWith('removals') ? 'removals' : 'releases';

/** Does this kind of work, or all of it, as long as there is any. The clock stands. */
export async function rest(context: ReleaseContext, work?: Work): Promise<void> {
  const steps = Object.entries(workerSteps(context)).flatMap(([name, step]) =>
    work === undefined || workOf(name) === work ? [step] : [],
  );
  for (let worked = true; worked;) {
    worked = false;
    for (const step of steps) worked = (await step()) || worked;
  }
}

/** Moves the clock from one due moment to the next until the worker waits for nothing any more. */
export async function drain(company: Company, context: ReleaseContext, work?: Work): Promise<void> {
  for (let step = 0; step < MOST_STEPS; step += 1) {
    await rest(context, work);
    const due = await nextDue(company);
    if (due === undefined) return;
    company.clock.now = Math.max(company.clock.now + 1, due);
  }
  throw new Error('the worker waits for something without an end');
}

/** The next moment at which something happens by itself, leases that are certain left aside. */
async function nextDue({ db }: Company): Promise<number | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select least(
       (select min(due_at) from audiences.removal where state <> 'confirmed'),
       (select min(poll_at) from audiences.attempt where job_state = 'running'),
       (select min(claimed_until) from audiences.attempt where state = 'sending'),
       (select min(a.retry_at) from audiences.audience a where exists (
          select from audiences.member m where m.audience_id = a.id and m.state = 'wanted')),
       (select min(renew_at) from audiences.member where state = 'held' and not certain)) as at`,
  );
  return row?.at?.getTime();
}
