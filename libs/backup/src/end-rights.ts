import { formatInstant, type Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import type { Source } from './progress.js';

/** What a restore ended. */
export type EndedRights = Readonly<
  Record<
    | 'tokens'
    | 'sessions'
    | 'signInLinks'
    | 'confirmations'
    | 'readers'
    | 'switches'
    | 'publisherKeys',
    number
  >
>;

const ENDS: Readonly<Record<Exclude<keyof EndedRights, 'publisherKeys'>, string>> = {
  tokens: `update access.token set revoked_at = $1, revoked_by = 'restore' where revoked_at is null and ends_at > $1 returning 1`,
  sessions: 'update access.session set ended_at = $1 where ended_at is null returning 1',
  signInLinks:
    'update access.sign_in_link set used_at = $1 where used_at is null and ends_at > $1 returning 1',
  confirmations:
    'update permissions.page_confirmation set ends_at = $1 where used_at is null and ends_at > $1 returning 1',
  readers: `update permissions.reader set ended_at = $1, ended_by = 'restore' where ended_at is null and valid_until > $1 returning 1`,
  switches: `insert into audiences.switch_act (id, target, target_id, act, request, by_user, reason, destination, at)
    select gen_random_uuid(), last.target, last.target_id, 'off', null, 'restore', 'off since the restore', null, $1
    from (select distinct on (target, target_id) target, target_id, act from audiences.switch_act
      order by target, target_id, seq desc) last
    where last.act <> 'off' returning 1`,
};

const END_KEYS = 'update intake.publisher_key set ends_at = $1 where ends_at > $1 returning 1';

/**
 * Ends what somebody may have revoked, used or switched off since the backup: it doesn't know which, so
 * all of it. The ends of publishers' keys stand in the journal, so those go only where it was lost.
 *
 * @param tx as the owner of the database
 */
export async function endRights(tx: Queryable, journal: Source, at: Instant): Promise<EndedRights> {
  const ended: Record<keyof EndedRights, number> = {
    tokens: 0,
    sessions: 0,
    signInLinks: 0,
    confirmations: 0,
    readers: 0,
    switches: 0,
    publisherKeys: 0,
  };
  const ends = journal === 'kept' ? ENDS : { ...ENDS, publisherKeys: END_KEYS };
  for (const [what, end] of Object.entries(ends) as [keyof EndedRights, string][]) {
    ended[what] = (await tx.query(end, [formatInstant(at)])).length;
  }
  return ended;
}
