import type { EventBatchAnswer } from '@kyoka/contracts';
import type { Service } from '../control/service.js';
import { ANSWERED, REFUSED } from '../lines/surroundings.js';
import { answerPart, eventLines, type EventResult, type ReadLine } from './event-lines.js';

/** Events of one request; with events of the largest size the request stays below the limit. */
const PART = 25;

/**
 * `kyoka publish --to URL`: one CloudEvent a line, and for each a line with what became of it. An event
 * may be sent again: it is then a duplicate.
 *
 * @returns 0, or 1 when an event was refused
 * @throws KyokaError `network_unavailable`, `database_unavailable`: lines without an answer may or may
 *   not have arrived; send them again
 */
export async function publishOverHttp(
  service: Service,
  lines: AsyncIterable<string>,
  write: (line: string) => void,
  read?: ReadLine,
): Promise<number> {
  let exitCode = ANSWERED;
  for await (const part of eventLines(lines, PART, read)) {
    if (!(await answerPart(part, (events) => post(service, events), write))) exitCode = REFUSED;
  }
  return exitCode;
}

async function post(service: Service, events: readonly unknown[]): Promise<EventResult[]> {
  const { results } = await service.call<EventBatchAnswer>('POST', '/v1/events', {
    body: events,
    mediaType: 'application/cloudevents-batch+json',
  });
  return results.map(({ outcome, ...why }) => ({ status: outcome, ...why }));
}
