import { holdCredential } from '@kyoka/access';
import type { ErasureAnswer } from '@kyoka/contracts';
import { type ErasureReport, readErasures } from '@kyoka/erasure';
import { formatInstant, type Instant, KyokaError } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { readStops } from '@kyoka/release';
import type { ErasuresPort } from '../ports.js';
import { ERASURE_STATE } from './erasure-state.js';
import { progressByRecipient } from './removal-progress.js';
import { keepStops } from './keep-stops.js';
import { eventOf, personIn } from './request-event.js';
import type { SuspensionsContext } from './suspensions.js';

/** Erasures: a wish becomes an event, whose stop stands before the answer; the rest follows by itself. */
export function erasuresService(context: SuspensionsContext): ErasuresPort {
  const db = queryable(context.permissions);
  const read = async (id: string): Promise<ErasureAnswer | undefined> => {
    const [report] = await readErasures(db, [id]);
    return report && erasureAnswerOf(context, report);
  };
  return {
    read,
    async erase(request, by) {
      const { owner } = by;
      const now = formatInstant(context.clock());
      const data = await personIn(db, request, now);
      const event = eventOf('jp.kyoka.erasure.requested.v1', data, { owner, now });
      const [answer] = await context.intake.ingest([event], {
        entitled: (tx) => holdCredential(tx, by),
        record: keepStops(by, 'erasure.asked', context.clock),
      });
      context.wake();
      const [id] = answer?.stopActIds ?? [];
      const erasure = id === undefined ? undefined : await read(id);
      if (erasure !== undefined) return erasure;
      throw new KyokaError('bad_input', 'The erasure names nobody who can be read', {
        faults: answer?.faults ?? [],
      });
    },
  };
}

/** An erasure with its removals, as it is told. */
export async function erasureAnswerOf(
  { permissions }: Pick<SuspensionsContext, 'permissions'>,
  report: ErasureReport,
): Promise<ErasureAnswer> {
  const [stop] = await readStops(queryable(permissions), [report.id]);
  return {
    id: report.id,
    state: ERASURE_STATE[report.state],
    subjects: [...report.subjects],
    requestedAt: formatInstant(report.requestedAt),
    waitsUntil: formatInstant(report.latestAt),
    removals: progressByRecipient(stop?.removals ?? []),
    ...moment('rowsGoneAt', report.clearedAt),
    ...(report.unconfirmed !== undefined && { unconfirmed: report.unconfirmed }),
    ...moment('erasedAt', report.erasedAt),
    ...(report.unreadableAfter && { unreadableAfter: report.unreadableAfter }),
    ...(report.recordsUntil && { recordsUntil: report.recordsUntil }),
  };
}

const moment = <Name extends string>(name: Name, at: Instant | undefined) =>
  (at === undefined ? {} : { [name]: formatInstant(at) }) as { [key in Name]?: string };
