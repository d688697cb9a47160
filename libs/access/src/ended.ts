import { type DueTask, purge } from '@kyoka/clock';
import { DAY } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';

/** Who signed in stays a while after it; what they did stays in the chain of acts. */
const KEPT_MS = 30 * DAY;

const ENDED = [
  { name: 'sessions', table: 'access.session', by: 'ends_at', keptMs: KEPT_MS },
  { name: 'sign-in links', table: 'access.sign_in_link', by: 'ends_at', keptMs: KEPT_MS },
  // A bucket is full again after a minute, which is what a credential without a row has.
  { name: 'quotas', table: 'access.quota', by: 'at', keptMs: DAY },
];

/**
 * Removes sessions, sign-in links and quotas that time has ended. They let nobody in from their end
 * on, whether the row is still there or not.
 *
 * @param pool under the role `kyoka_permissions`
 */
export const endedAccess = (pool: Pool): DueTask[] =>
  ENDED.map((ended) => purge(queryable(pool), ended));
