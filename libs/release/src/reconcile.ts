import { difference } from '@kyoka/audience';
import type { Instant } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { removalDueBy } from './due.js';
import type { PersonDecision, ReleaseContext } from './ports.js';
import type { Audience } from './tables/audience-table.js';
import type { Member } from './tables/member-table.js';
import { moveMembers } from './tables/member-writes.js';
import { insertRemovals } from './tables/removal-table.js';
import { insertGateRefusals } from './tables/run-table.js';
import { groupBy, keyText, type MemberKey, type RemovalCause } from './words.js';

/**
 * Grounds that hold back an operation for a while rather than the person's data for good: under
 * these alone nothing new is sent and no lease is renewed, but who is held stays until the lease ends.
 */
const PASSING_GROUNDS: ReadonlySet<string> = new Set([
  'frozen',
  'recipient_disabled',
  'actor_not_named',
]);

/** Whether everything against a contact point passes by itself. Nothing known against it isn't that. */
export const passes = (reasons: readonly { readonly code: string }[]): boolean =>
  reasons.length > 0 && reasons.every(({ code }) => PASSING_GROUNDS.has(code));

/** The contact points that decisions allow in an audience, each as `keyText`. */
export function allowedKeys(decisions: readonly PersonDecision[]): Map<string, MemberKey> {
  const allowed = new Map<string, MemberKey>();
  for (const decision of decisions) {
    if (!decision.allowed) continue;
    for (const { kind, token } of decision.contacts) {
      if (kind !== 'email' && kind !== 'phone') continue;
      const key: MemberKey = { subjectId: decision.subjectId, kind, token };
      allowed.set(keyText(key), key);
    }
  }
  return allowed;
}

/**
 * Takes members out of an audience: what was never sent is gone at once, for what the network may
 * hold a removal is recorded. The caller has locked them.
 */
export async function takeOut(
  tx: Queryable,
  context: Pick<ReleaseContext, 'connectors' | 'settings'>,
  audience: Audience,
  members: readonly Member[],
  cause: RemovalCause,
  at: Instant,
): Promise<void> {
  const drop = members.filter((member) => difference(false, member.state) === 'drop');
  const leave = members.filter((member) => difference(false, member.state) === 'leave');
  await moveMembers(tx, 'drop', audience.id, drop, at, { runId: null });
  await moveMembers(tx, 'leave', audience.id, leave, at, { runId: null });
  await insertRemovals(tx, audience.id, leave, cause, at, removalDueBy(context, audience, at));
}

/**
 * Members that the decisions about their subjects don't allow any more, each by what is against its
 * own contact point: a freeze of one source keeps nothing in that has to leave, and takes nothing out.
 */
export function outOfPermission(
  members: readonly Member[],
  decisions: readonly PersonDecision[],
): Member[] {
  const allowed = allowedKeys(decisions);
  const waiting = new Set(
    decisions.flatMap(({ subjectId, refusedContacts }) =>
      refusedContacts
        .filter(({ reasons }) => passes(reasons))
        .map(({ kind, token }) => keyText({ subjectId, kind, token })),
    ),
  );
  return members.filter((member) => {
    const key = keyText(member);
    return !allowed.has(key) && !waiting.has(key);
  });
}

/** Counts, in the runs that chose them, the persons whom these decisions refuse before anything was sent. */
export async function countFallen(
  tx: Queryable,
  members: readonly Member[],
  decisions: readonly PersonDecision[],
): Promise<void> {
  const chosen = members.filter(({ state, runId }) => state === 'wanted' && runId !== null);
  for (const [runId, ofRun] of groupBy(chosen, (member) => member.runId as string)) {
    const subjects = new Set(ofRun.map((member) => member.subjectId));
    const refused = decisions.filter(
      (decision) => !decision.allowed && subjects.has(decision.subjectId),
    );
    if (refused.length > 0) {
      await insertGateRefusals(tx, runId, refused.length, countReasons(refused, 'any'));
    }
  }
}

/** Refused persons by reason: each once under its first reason, or once under every reason. */
export function countReasons(
  refused: readonly PersonDecision[],
  by: 'first' | 'any',
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reasons } of refused) {
    const codes = [...new Set(reasons.map((reason) => reason.code))];
    for (const code of by === 'first' ? codes.slice(0, 1) : codes) {
      counts[code] = (counts[code] ?? 0) + 1;
    }
  }
  return counts;
}
