import type { Capabilities } from './capabilities.js';
import type { Member } from './connector.js';
import { rejected, type Rejected } from './outcome.js';

const MATCH_KEY = /^[0-9a-f]{64}$/;

/** Rows that one person needs where a row holds one identifier of each kind. */
export function rowsOf(member: Member): number {
  return Math.max(member.emails.length, member.phones.length);
}

export function identifiersOf(member: Member): number {
  return member.emails.length + member.phones.length;
}

function weight(member: Member, capabilities: Capabilities): number {
  return capabilities.personCountsAs === 'one' ? 1 : rowsOf(member);
}

/**
 * Divides members into requests within a network's limits, in order. A person with more identifiers
 * than the network takes for one becomes several records; none of the identifiers is lost, since
 * each one left out of a removal would stay at the network.
 */
export function splitIntoRequests<M extends Member>(
  members: readonly M[],
  capabilities: Capabilities,
): M[][] {
  const requests: M[][] = [];
  let room = 0;
  for (const member of members.flatMap((each) => splitPerson(each, capabilities))) {
    const needed = weight(member, capabilities);
    if (needed > room || requests.length === 0) {
      requests.push([]);
      room = capabilities.maxPersonsPerRequest;
    }
    requests.at(-1)?.push(member);
    room -= needed;
  }
  return requests;
}

function splitPerson<M extends Member>(member: M, capabilities: Capabilities): M[] {
  const max = capabilities.maxIdentifiersPerPerson;
  if (identifiersOf(member) <= max) return [member];
  const all = [
    ...member.emails.map((key) => ({ kind: 'emails' as const, key })),
    ...member.phones.map((key) => ({ kind: 'phones' as const, key })),
  ];
  const parts: M[] = [];
  for (let from = 0; from < all.length; from += max) {
    const part = all.slice(from, from + max);
    const of = (kind: 'emails' | 'phones') =>
      part.filter((each) => each.kind === kind).map((each) => each.key);
    parts.push({ ...member, emails: of('emails'), phones: of('phones') });
  }
  return parts;
}

/**
 * What a connector refuses by itself, before a byte leaves: a request over the network's limits, and
 * anything that isn't the digest of a match key, so that no fault elsewhere sends a contact value.
 */
export function refuseRequest(
  members: readonly Member[],
  capabilities: Capabilities,
): Rejected | undefined {
  const total = members.reduce((sum, member) => sum + weight(member, capabilities), 0);
  if (
    total > capabilities.maxPersonsPerRequest ||
    members.some((member) => identifiersOf(member) > capabilities.maxIdentifiersPerPerson)
  ) {
    return rejected('too_many');
  }
  const offenders = members.flatMap((member, index) => {
    const keys = [...member.emails, ...member.phones];
    return keys.length > 0 && keys.every((key) => MATCH_KEY.test(key)) ? [] : [index];
  });
  if (offenders.length > 0) return rejected('malformed_match_key', { offenders });
  return members.length === 0 ? rejected('bad_request') : undefined;
}
