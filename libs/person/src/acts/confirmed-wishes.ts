import type { DueTask } from '@kyoka/clock';
import { formatInstant, HOUR, type Instant, isKyokaError, MINUTE } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import type { PersonPorts } from '../ports.js';
import { type Confirmation, confirmationOf, type ConfirmationRow } from './confirmation.js';
import { grantEventKeys, grantEvents } from './grant-events.js';

/** A process that used a confirmation has carried it out by then, or ended. */
const TAKEN_UP_AFTER = MINUTE;

/** What a parked event waits for is a person. */
const LOOKED_AT_AGAIN_AFTER = HOUR;

const AT_ONCE = 50;

/** `pending`: the press is kept, and what it grants isn't in force yet. */
export type WishOutcome = 'done' | 'pending';

/**
 * Uses a confirmation up: the contact point is confirmed, what stands against the cells is lifted, and
 * they are granted. The moment of use is kept before the events are made: after a crash in between
 * the next click or the clock makes the same events.
 */
export async function useConfirmation(
  ports: PersonPorts,
  found: Confirmation,
): Promise<WishOutcome> {
  const now = ports.clock();
  const [row] = await queryable(ports.permissions).query<{ used_at: Date }>(
    `update permissions.page_confirmation set used_at = coalesce(used_at, $2), due_at = $3
     where id = $1 returning used_at`,
    [found.id, formatInstant(now), formatInstant(now + TAKEN_UP_AFTER)],
  );
  return row === undefined ? 'done' : carryOut(ports, found, row.used_at.getTime());
}

/**
 * Takes up confirmed wishes whose process ended in the middle, or whose events were parked and may have
 * been replayed since.
 */
export const confirmedWishes = (ports: PersonPorts): DueTask => {
  const db = queryable(ports.permissions);
  return {
    name: 'confirmed wishes',
    async run(at) {
      const due = await db.query<ConfirmationRow & { used_at: Date }>(
        `update permissions.page_confirmation set due_at = $2 where id in (
           select id from permissions.page_confirmation where done_at is null and due_at <= $1
           order by due_at, id limit ${AT_ONCE} for update skip locked)
         returning id, subject_id, contact, wish, asked_at, used_at`,
        [formatInstant(at), formatInstant(at + LOOKED_AT_AGAIN_AFTER)],
      );
      const faults: unknown[] = [];
      for (const row of due) {
        try {
          await carryOut(ports, confirmationOf(row), row.used_at.getTime());
        } catch (fault) {
          if (isOver(fault)) await end(ports, row.id);
          else faults.push(fault);
        }
      }
      if (faults.length > 0) throw faults[0];
      return due.length;
    },
    async next() {
      const [row] = await db.query<{ at: Date | null }>(
        'select min(due_at) as at from permissions.page_confirmation where done_at is null',
      );
      return row?.at?.getTime();
    },
  };
};

/** What was to be confirmed isn't stored any more. */
const isOver = (fault: unknown): boolean => isKyokaError(fault) && fault.code === 'conflict';

/**
 * An event that the inbox holds was told already: told again it might read otherwise, since the category
 * or the policy may be another by now. A process may have ended between two parts of a batch that intake
 * had to halve, so whichever the inbox lacks are told.
 */
async function carryOut(
  ports: PersonPorts,
  found: Confirmation,
  usedAt: Instant,
): Promise<WishOutcome> {
  const { ids } = grantEventKeys(found);
  const told = await outcomesOf(ports, found);
  if (ids.some((id) => !told.has(id))) {
    const events = await grantEvents(ports, found, usedAt);
    await ports.intake.ingest(events.filter(({ attributes }) => !told.has(attributes['id'] ?? '')));
  }
  const outcomes = await outcomesOf(ports, found);
  if (ids.some((id) => outcomes.get(id) !== 'accepted')) {
    await queryable(ports.permissions).query(
      'update permissions.page_confirmation set due_at = $2 where id = $1',
      [found.id, formatInstant(ports.clock() + LOOKED_AT_AGAIN_AFTER)],
    );
    return 'pending';
  }
  await end(ports, found.id);
  return 'done';
}

/** Of the events that the inbox holds, by their ids. */
async function outcomesOf(
  { permissions }: PersonPorts,
  found: Confirmation,
): Promise<Map<string, string>> {
  const keys = grantEventKeys(found);
  const rows = await queryable(permissions).query<{ id: string; outcome: string }>(
    'select ce_id as id, outcome from intake.event where ce_source = $1 and ce_id = any ($2::text[])',
    [keys.source, keys.ids],
  );
  return new Map(rows.map(({ id, outcome }) => [id, outcome]));
}

async function end({ permissions, clock }: PersonPorts, id: string): Promise<void> {
  await queryable(permissions).query(
    'update permissions.page_confirmation set done_at = $2 where id = $1',
    [id, formatInstant(clock())],
  );
}
