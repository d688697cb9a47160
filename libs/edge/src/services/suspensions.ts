import { randomUUID } from 'node:crypto';
import type { SuspensionAnswer, SuspensionRequest } from '@kyoka/contracts';
import { canonicalJson, type Clock, formatInstant, type Json, KyokaError } from '@kyoka/kernel';
import { reachOf } from '@kyoka/permission-store';
import { type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { readStops, type StopReport } from '@kyoka/release';
import type { IntakePort, SuspensionsPort } from '../ports.js';
import { progressByRecipient } from './removal-progress.js';

export interface SuspensionsContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly intake: IntakePort;
  readonly clock: Clock;
  /** Tells the worker that there is something to remove. */
  readonly wake: () => void;
}

/** `source` of the events that stand for requests made over HTTP. */
const API_SOURCE = 'kyoka.api';

/**
 * Suspensions of use. A request becomes an event and takes the way of every event, so that what
 * happens doesn't depend on the door it came through.
 */
export function suspensionsService(context: SuspensionsContext): SuspensionsPort {
  const db = queryable(context.permissions);
  const read = async (id: string | undefined) =>
    id === undefined ? undefined : (await readSuspensions(context, [id]))[0];
  return {
    read,
    async suspend(request, { owner }) {
      const event = await eventOf(db, request, { owner, now: formatInstant(context.clock()) });
      const [answer] = await context.intake.ingest([event]);
      context.wake();
      const suspension = await read(answer?.stopActIds?.[0]);
      if (suspension !== undefined) return suspension;
      throw new KyokaError('bad_input', 'The suspension names nobody who can be read', {
        faults: answer?.faults ?? [],
      });
    },
  };
}

async function eventOf(
  db: Queryable,
  request: SuspensionRequest,
  { owner, now }: { readonly owner: string; readonly now: string },
) {
  const { subject, contacts, scope, occurredAt = now, evidence } = request;
  const named = subject !== undefined && 'id' in subject ? await nameOf(db, subject.id) : subject;
  const data = {
    ...(named && { subject: named }),
    ...(contacts && { contacts }),
    scope,
    occurredAt,
    ...(evidence && { evidence }),
  };
  return {
    attributes: {
      specversion: '1.0',
      id: randomUUID(),
      source: API_SOURCE,
      type: 'jp.kyoka.suspension.requested.v1',
      time: now,
      datacontenttype: 'application/json',
    },
    data: Buffer.from(canonicalJson(data as Json)),
    place: 'http',
    by: { kind: 'token', plaintext: true, owner } as const,
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

/** The suspensions and erasures of these ids, oldest first. */
export async function readSuspensions(
  { permissions }: Pick<SuspensionsContext, 'permissions'>,
  ids: readonly string[],
): Promise<SuspensionAnswer[]> {
  if (ids.length === 0) return [];
  const db = queryable(permissions);
  const stops = await readStops(db, ids);
  const reached = await reachOf(db, ids);
  return stops.flatMap((stop) => (isShown(stop.kind) ? [answerOf(stop, stop.kind, reached)] : []));
}

const isShown = (kind: string): kind is SuspensionAnswer['kind'] =>
  kind === 'suspension' || kind === 'erasure';

function answerOf(
  stop: StopReport,
  kind: SuspensionAnswer['kind'],
  reached: ReadonlyMap<string, readonly string[]>,
): SuspensionAnswer {
  const { id, scope, occurredAt, barrierAt, followed } = stop;
  return {
    id,
    kind,
    subjects: [...(reached.get(id) ?? [])],
    scope: scope as SuspensionAnswer['scope'],
    occurredAt,
    barrierAt,
    followed,
    removals: progressByRecipient(stop.removals),
    ...(kind === 'erasure' && { erasure: { state: 'waiting', since: barrierAt } }),
  };
}
