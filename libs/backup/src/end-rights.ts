import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** Credentials that a restore ended. */
export type EndedRights = Readonly<
  Record<'tokens' | 'sessions' | 'signInLinks' | 'confirmations', number>
>;

const ENDS: Readonly<Record<keyof EndedRights, string>> = {
  tokens: `update access.token set revoked_at = $1, revoked_by = 'restore' where revoked_at is null and ends_at > $1 returning 1`,
  sessions: 'update access.session set ended_at = $1 where ended_at is null returning 1',
  signInLinks:
    'update access.sign_in_link set used_at = $1 where used_at is null and ends_at > $1 returning 1',
  confirmations:
    'update permissions.page_confirmation set ends_at = $1 where used_at is null and ends_at > $1 returning 1',
};

/**
 * Ends what somebody may have revoked or used since the backup: it doesn't know which, so all of it.
 *
 * @param tx as the owner of the database
 */
export async function endRights(tx: Queryable, at: Instant): Promise<EndedRights> {
  const ended = { tokens: 0, sessions: 0, signInLinks: 0, confirmations: 0 };
  for (const [what, end] of Object.entries(ENDS) as [keyof EndedRights, string][]) {
    ended[what] = (await tx.query(end, [formatInstant(at)])).length;
  }
  return ended;
}
