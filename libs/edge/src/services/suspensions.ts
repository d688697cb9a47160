import { holdCredential } from '@kyoka/access';
import type { ErasureAnswer, SuspensionAnswer } from '@kyoka/contracts';
import { readErasures } from '@kyoka/erasure';
import { type Clock, formatInstant, KyokaError } from '@kyoka/kernel';
import { reachOf } from '@kyoka/permission-store';
import { type Pool, queryable } from '@kyoka/postgres';
import { readStops, type StopReport } from '@kyoka/release';
import type { IntakePort, SuspensionsPort } from '../ports.js';
import { ERASURE_STATE } from './erasure-state.js';
import { progressByRecipient } from './removal-progress.js';
import { keepStops } from './keep-stops.js';
import { eventOf, personIn } from './request-event.js';

export interface SuspensionsContext {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly intake: IntakePort;
  readonly clock: Clock;
  /** Tells the worker that there is something to remove. */
  readonly wake: () => void;
}

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
    async suspend(request, by) {
      const { owner } = by;
      const now = formatInstant(context.clock());
      const data = { ...(await personIn(db, request, now)), scope: request.scope };
      const event = eventOf('jp.kyoka.suspension.requested.v1', data, { owner, now });
      const [answer] = await context.intake.ingest([event], {
        entitled: (tx) => holdCredential(tx, by),
        record: keepStops(by, 'suspension.asked', context.clock),
      });
      context.wake();
      const suspension = await read(answer?.stopActIds?.[0]);
      if (suspension !== undefined) return suspension;
      throw new KyokaError('bad_input', 'The suspension names nobody who can be read', {
        faults: answer?.faults ?? [],
      });
    },
  };
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
  const erasures = await readErasures(db, ids);
  const stateOf = new Map(erasures.map(({ id, state }) => [id, ERASURE_STATE[state]]));
  return stops.flatMap((stop) =>
    isShown(stop.kind) ? [answerOf(stop, stop.kind, reached, stateOf.get(stop.id))] : [],
  );
}

const isShown = (kind: string): kind is SuspensionAnswer['kind'] =>
  kind === 'suspension' || kind === 'erasure';

function answerOf(
  stop: StopReport,
  kind: SuspensionAnswer['kind'],
  reached: ReadonlyMap<string, readonly string[]>,
  erasure: ErasureAnswer['state'] | undefined,
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
    ...(erasure && { erasure: { state: erasure } }),
  };
}
