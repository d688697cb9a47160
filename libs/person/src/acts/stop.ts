import { randomUUID } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import { queryable, type Queryable } from '@kyoka/postgres';
import type { LinkHolder } from '../links/page-tokens.js';
import type { PersonPorts } from '../ports.js';
import { type PageAct, pageEvent } from './page-event.js';
import { oneClickDrafts, stopDrafts, type StopWish } from './stop-wish.js';

/**
 * Stops what the person wishes, at once: once this returns the barrier stands.
 *
 * @returns ids of the stops, whose receipts are there from now on
 */
export async function stopOnPage(
  ports: PersonPorts,
  holder: LinkHolder,
  wish: StopWish,
): Promise<string[]> {
  return stop(ports, holder, 'preference-page', stopDrafts(wish));
}

/** Stops what a one-click link is for (RFC 8058). Using it again changes nothing more. */
export async function stopByOneClick(ports: PersonPorts, holder: LinkHolder): Promise<string[]> {
  return stop(ports, holder, 'one-click', oneClickDrafts(holder.scope));
}

async function stop(
  ports: PersonPorts,
  { subjectId }: LinkHolder,
  form: PageAct['form'],
  drafts: ReturnType<typeof stopDrafts>,
): Promise<string[]> {
  const subject = await nameOf(queryable(ports.permissions), subjectId);
  const at = ports.clock();
  const answers = await ports.intake.ingest(
    drafts.map((draft) => pageEvent({ ...draft, id: randomUUID(), at, subject, form })),
  );
  ports.wake();
  const ids = answers.flatMap(({ stopActIds }) => stopActIds ?? []);
  if (ids.length < drafts.length)
    throw new KyokaError('internal', 'a stop of a page was not taken');
  return ids;
}

/** What the source calls a subject. */
async function nameOf(db: Queryable, subjectId: string): Promise<{ source: string; ref: string }> {
  const [row] = await db.query<{ source: string; ref: string }>(
    'select source, ref from permissions.v_subject where subject_id = $1',
    [subjectId],
  );
  if (row === undefined) throw new KyokaError('internal', 'the subject of a link is not stored');
  return row;
}
