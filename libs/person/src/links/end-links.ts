import { type DueTask, purge } from '@kyoka/clock';
import { DAY } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';

/** Mails and confirmations stay a while after their end, to answer what became of them. */
const KEPT_MS = 30 * DAY;

const ENDED = [
  { name: 'page tokens', table: 'permissions.page_token', keptMs: 0 },
  { name: 'page confirmations', table: 'permissions.page_confirmation', keptMs: KEPT_MS },
  { name: 'ended mails', table: 'permissions.duty_mail', keptMs: KEPT_MS },
];

/**
 * Removes links, confirmations and mails that time has ended. They open nothing from their end on,
 * whether the row is still there or not.
 *
 * @param permissions under the role `kyoka_permissions`
 */
export const endedLinks = ({ permissions }: { readonly permissions: Pool }): DueTask[] =>
  ENDED.map((ended) => purge(queryable(permissions), { ...ended, by: 'ends_at' }));
