import { type ReleaseContext, workerSteps } from '@kyoka/release';
import type { Company } from './company.js';

const MOST_ROUNDS = 150;

/** Work of a worker: what leads to releases, and what follows stops and takes people out. */
export type Work = 'releases' | 'removals';

const workOf = (name: string): Work =>
  name === 'stops' || name.startsWith('removals') ? 'removals' : 'releases';

function stepsOf(context: ReleaseContext, work: Work | undefined): (() => Promise<boolean>)[] {
  return Object.entries(workerSteps(context)).flatMap(([name, step]) =>
    work === undefined || workOf(name) === work ? [step] : [],
  );
}

/** Does this kind of work as long as there is any. The clock stands. */
export async function rest(context: ReleaseContext, work: Work): Promise<void> {
  const steps = stepsOf(context, work);
  for (let worked = true; worked;) {
    worked = false;
    for (const step of steps) worked = (await step()) || worked;
  }
}

/** Moves the clock from one due moment to the next until a worker waits for nothing any more. */
export async function drain(
  company: Pick<Company, 'clock' | 'db'>,
  context: ReleaseContext,
  work?: Work,
): Promise<void> {
  const steps = stepsOf(context, work);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    for (const step of steps) await step();
    const due = await nextDue(company, work !== 'releases');
    if (due === undefined) return;
    company.clock.now = Math.max(company.clock.now, due);
  }
  throw new Error('the worker waits for something without an end');
}

/** The next moment at which there is something to do, leases that are certain left aside. */
async function nextDue(
  { db }: Pick<Company, 'db'>,
  withStops: boolean,
): Promise<number | undefined> {
  const [row] = await db.query<{ at: Date | null }>(
    `select least(
       (select min(due_at) from audiences.removal where state <> 'confirmed' and $1),
       (select min(committed_at) from permissions.v_stop_act where fanned_out_at is null and $1),
       (select min(started_at) from audiences.run where state = 'building'),
       (select min(started_at) from audiences.run where state = 'building'),
       (select min(poll_at) from audiences.attempt where job_state = 'running'),
       (select min(claimed_until) from audiences.attempt where state = 'sending'),
       (select min(greatest(case m.state when 'held' then m.renew_at else a.created_at end, a.retry_at))
        from audiences.audience a join audiences.member m on m.audience_id = a.id
        where (m.state = 'wanted' or (m.state = 'held' and not m.certain))
          and not exists (select from audiences.removal r
            where r.audience_id = m.audience_id and r.fold = m.fold and r.state <> 'confirmed'))) as at`,
    [withStops],
  );
  return row?.at?.getTime();
}
