import type { DueTask } from '@kyoka/clock';
import { DAY, formatInstant } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import type { PersonPorts } from '../ports.js';

/** Rows removed in one turn. */
const BATCH = 1_000;

/** Mails and confirmations stay a while after their end, to answer what became of them. */
const KEPT_MS = 30 * DAY;

const ended = (
  { permissions }: Pick<PersonPorts, 'permissions'>,
  table: 'page_token' | 'page_confirmation' | 'duty_mail',
  keptMs: number,
): DueTask => {
  const db = queryable(permissions);
  return {
    name: `${table.replace('_', ' ')}s`,
    async run(at) {
      const rows = await db.query(
        `delete from permissions.${table} where id in (
           select id from permissions.${table} where ends_at <= $1 order by ends_at limit $2) returning id`,
        [formatInstant(at - keptMs), BATCH],
      );
      return rows.length;
    },
    async next() {
      const [row] = await db.query<{ at: Date | null }>(
        `select min(ends_at) as at from permissions.${table}`,
      );
      return row?.at ? row.at.getTime() + keptMs : undefined;
    },
  };
};

/**
 * Removes links, confirmations and mails that time has ended. They open nothing from their end on,
 * whether the row is still there or not.
 */
export const endedLinks = (ports: Pick<PersonPorts, 'permissions'>): DueTask[] => [
  ended(ports, 'page_token', 0),
  ended(ports, 'page_confirmation', KEPT_MS),
  ended(ports, 'duty_mail', KEPT_MS),
];
