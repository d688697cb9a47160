import { formatInstant, type Json, KyokaError } from '@kyoka/kernel';
import { refsForReaders } from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import type { PersonDecision } from './ports.js';
import type { Attempt } from './tables/attempt-table.js';
import type { Audience } from './tables/audience-table.js';
import { insertMessages } from './tables/outbox-table.js';
import { findRecipient, type Recipient } from './tables/recipient-table.js';
import { appendReleases } from './tables/release-table.js';
import { groupBy, RELEASE_TOPIC } from './words.js';

/**
 * A release per person, with what a record of provision has to show (APPI art. 29): to whom, what, of
 * whom, on what consent. Who the recipient was, and on what terms, is sealed with it, since the
 * register keeps the last entry only.
 *
 * @param destination the address and account that the attempt goes to
 */
export async function recordReleases(
  tx: Queryable,
  audience: Audience,
  attempt: Attempt,
  destination: string,
  decisions: readonly PersonDecision[],
): Promise<void> {
  const { id: _id, ...terms } = await registeredRecipient(tx, audience.recipientId);
  const bySubject = new Map(decisions.map((decision) => [decision.subjectId, decision]));
  const releases = [...groupBy(attempt.items, (item) => item.subjectId)].map(
    ([subjectId, items]) => {
      const decision = bySubject.get(subjectId);
      const body: Record<string, Json> = {
        audience: audience.id,
        recipient: audience.recipientId,
        destination,
        terms: terms as Record<string, Json>,
        items: [...new Set(items.map((item) => `hashed_${item.kind}`))].sort(),
        contacts: items.map((item) => `${item.kind}:${item.token.toString('base64url')}`).sort(),
        purpose: audience.purpose,
        contentOwner: audience.contentOwner,
        period: { ...audience.period },
        basis: decision?.basis ?? null,
        rule: decision?.rule ?? null,
        ruledBy: (decision?.ruledBy ?? null) as Json,
        source: decision?.source ?? null,
        evidence: [...(decision?.evidence ?? [])],
        policy: decision?.policy ?? audience.policy,
        actor: audience.actingUser,
      };
      return { subjectId, attemptId: attempt.id, body };
    },
  );
  const ids = await appendReleases(tx, releases, attempt.gateAt);
  const refs = await refsForReaders(
    tx,
    RELEASE_TOPIC,
    releases.map(({ subjectId }) => subjectId),
    attempt.gateAt,
  );
  await insertMessages(
    tx,
    releases.map(({ subjectId, body }, index) => ({
      topic: RELEASE_TOPIC,
      key: subjectId,
      type: 'jp.kyoka.release.committed.v1',
      payload: {
        subject: subjectId,
        refs: (refs.get(subjectId) ?? []).map((ref) => ({ ...ref })),
        decisionId: ids[index] as string,
        purpose: audience.purpose,
        recipient: audience.recipientId,
        audience: audience.id,
        items: body['items'] as string[],
        policy: body['policy'] as string,
        evidence: body['evidence'] as string[],
        at: formatInstant(attempt.gateAt),
      },
    })),
  );
}

async function registeredRecipient(tx: Queryable, id: string): Promise<Recipient> {
  const recipient = await findRecipient(tx, id);
  if (recipient === undefined) throw new KyokaError('internal', 'a recipient is not registered');
  return recipient;
}
