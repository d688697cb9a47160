import type { Member, SendOutcome } from '@kyoka/connector-kit';
import { rejected } from '@kyoka/connector-kit';
import { queryable } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';
import { type Attempt, sealedItems } from './tables/attempt-table.js';
import type { Audience } from './tables/audience-table.js';

/**
 * Carries out a recorded attempt: opens its contact points, makes their match keys in memory and
 * hands them to the connector, which sends them before the attempt's deadline or not at all. Never
 * throws: an exception on the way leaves open whether something was sent.
 *
 * A record without a match key (its value can't be opened, or has no form at this network) comes
 * back as an offender of a refused request, so that the rest goes on without it.
 */
export async function carryOut(
  context: ReleaseContext,
  audience: Audience,
  attempt: Attempt,
): Promise<SendOutcome> {
  const connector =
    audience.network === null ? undefined : context.connectors.get(audience.network);
  if (connector === undefined || audience.listRef === undefined) return rejected('list_unusable');
  let members: Member[];
  try {
    members = await membersOf(context, audience, attempt);
  } catch {
    return { kind: 'not_sent', code: 'aborted' };
  }
  const offenders = members.flatMap((member, position) =>
    member.emails.length + member.phones.length === 0 ? [position] : [],
  );
  if (offenders.length > 0) return rejected('malformed_match_key', { offenders });
  const request = { list: { id: audience.listRef }, members, deadline: attempt.deadlineAt };
  try {
    return await (attempt.op === 'add' ? connector.add(request) : connector.remove(request));
  } catch {
    return { kind: 'unknown', code: 'cut' };
  }
}

/** The records of the request. A contact point without a match key is left out of its record. */
async function membersOf(
  context: ReleaseContext,
  audience: Audience,
  attempt: Attempt,
): Promise<Member[]> {
  const members = Array.from({ length: attempt.persons }, () => ({
    emails: [] as string[],
    phones: [] as string[],
  }));
  for (const item of await sealedItems(queryable(context.pool), attempt.id)) {
    const key = context.matchKeyOf(audience.network ?? '', item);
    if (key !== undefined) members[item.position]?.[`${item.kind}s`].push(key);
  }
  return members;
}
