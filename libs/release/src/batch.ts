import { randomUUID } from 'node:crypto';
import { type Capabilities, splitIntoRequests } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import type { Attempt, AttemptItem } from './tables/attempt-table.js';
import type { Member } from './tables/member-table.js';
import { groupBy } from './words.js';

/** What fits into one request of this network: its records, each the contact points of one person. */
export function firstRequest(members: readonly Member[], capabilities: Capabilities): Member[][] {
  const persons = [...groupBy(members, (member) => member.subjectId).values()].map((contacts) => ({
    emails: contacts
      .filter(({ kind }) => kind === 'email')
      .map(({ token }) => token.toString('hex')),
    phones: contacts
      .filter(({ kind }) => kind === 'phone')
      .map(({ token }) => token.toString('hex')),
    contacts,
  }));
  const [first = []] = splitIntoRequests(persons, capabilities);
  return first.map(({ emails, phones, contacts }) => {
    const taken = new Set([...emails, ...phones]);
    return contacts.filter(({ token }) => taken.has(token.toString('hex')));
  });
}

/** The attempt that carries these records, from the moment of its gate. */
export function attemptOf(
  audienceId: string,
  records: readonly (readonly Member[])[],
  gateAt: Instant,
  capabilities: Capabilities,
): Attempt {
  const items: AttemptItem[] = records.flatMap((contacts, position) =>
    contacts.map(({ subjectId, kind, token, fold, runId }) => ({
      position,
      subjectId,
      kind,
      token,
      fold,
      runId,
    })),
  );
  return {
    id: randomUUID(),
    op: 'add',
    audienceId,
    persons: records.length,
    gateAt,
    deadlineAt: gateAt + capabilities.sendDeadlineMs,
    items,
  };
}
