import { randomUUID } from 'node:crypto';
import type { ErasureRequest, EventType } from '@kyoka/contracts';
import type { RawEvent } from '@kyoka/intake';
import { canonicalJson, type Json, KyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';

/** `source` of the events that stand for requests made over HTTP. */
export const API_SOURCE = 'kyoka.api';

/**
 * A request as an event, so that it takes the way of every event: what happens doesn't depend on the
 * door it came through.
 */
export function eventOf(
  type: EventType,
  data: Readonly<Record<string, unknown>>,
  { owner, now }: { readonly owner: string; readonly now: string },
): RawEvent {
  return {
    attributes: {
      specversion: '1.0',
      id: randomUUID(),
      source: API_SOURCE,
      type,
      time: now,
      datacontenttype: 'application/json',
    },
    data: Buffer.from(canonicalJson(data as Json)),
    place: 'http',
    by: { kind: 'token', plaintext: true, owner },
  };
}

/** Whom a request is about and when they asked, as an event says it. */
export async function personIn(
  db: Queryable,
  { subject, contacts, occurredAt, evidence }: ErasureRequest,
  now: string,
): Promise<Readonly<Record<string, unknown>>> {
  const named = subject !== undefined && 'id' in subject ? await nameOf(db, subject.id) : subject;
  return {
    ...(named && { subject: named }),
    ...(contacts && { contacts }),
    occurredAt: occurredAt ?? now,
    ...(evidence && { evidence }),
  };
}

async function nameOf(db: Queryable, id: string): Promise<{ source: string; ref: string }> {
  const [row] = await db.query<{ source: string; ref: string }>(
    'select source, ref from permissions.v_subject where subject_id::text = $1',
    [id],
  );
  if (row === undefined) {
    throw new KyokaError('bad_input', 'There is no such subject', {
      faults: [{ field: 'subject.id', expected: 'the id of a subject' }],
    });
  }
  return row;
}
