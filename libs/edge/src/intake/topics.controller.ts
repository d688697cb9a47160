import { TOPIC_OF_TYPE } from '@kyoka/contracts';
import type { EventOutcome, KyokaError } from '@kyoka/kernel';
import { toKyokaError } from '@kyoka/postgres';
import type { BatchContext, BatchResult, InboundRecord } from '@kyoka/transport';
import { type Headers, inSpan } from '@kyoka/telemetry';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { COUNTED, INTAKE, TOPIC_RIGHTS } from '../injection.js';
import type { IntakePort } from '../ports.js';
import { eventOfRecord, type TopicRights } from './raw-events.js';

/** What became of the events of one batch, for the log. */
export type Counted = (
  topic: string,
  counts: Readonly<Partial<Record<EventOutcome, number>>>,
) => void;

const RETRY_AFTER_MS = 1_000;

const INPUT_TOPICS = [...new Set(Object.values(TOPIC_OF_TYPE))];

/**
 * The input topics, from Kafka or in process. One batch is one transaction; whatever can't be used
 * lies parked once it is done, so only a passing fault of the database brings a batch again.
 */
@Controller()
export class TopicsController {
  readonly #intake: IntakePort;
  readonly #rights: TopicRights;
  readonly #counted: Counted;

  constructor(
    @Inject(INTAKE) intake: IntakePort,
    @Inject(TOPIC_RIGHTS) rights: TopicRights,
    @Inject(COUNTED) counted: Counted,
  ) {
    this.#intake = intake;
    this.#rights = rights;
    this.#counted = counted;
  }

  @EventPattern(INPUT_TOPICS)
  async take(
    @Payload() records: readonly InboundRecord[],
    @Ctx() context: BatchContext,
  ): Promise<BatchResult> {
    try {
      const answers = await inSpan(
        'intake batch',
        { topic: context.topic, events: records.length },
        () => this.#intake.ingest(records.map((record) => eventOfRecord(record, this.#rights))),
        records.map(traceOf),
      );
      this.#counted(context.topic, countsOf(answers.map(({ outcome }) => outcome)));
      return { done: true };
    } catch (thrown) {
      const fault = toKyokaError(thrown);
      if (isPassing(fault)) return { retryAfterMs: RETRY_AFTER_MS };
      throw fault;
    }
  }
}

/** Where a record was sent in a trace of its publisher (W3C trace context, as a Kafka header). */
const traceOf = ({ headers }: InboundRecord): Headers => ({
  traceparent: headers['traceparent']?.[0]?.toString(),
});

const isPassing = (fault: KyokaError): boolean => fault.retry === 'backoff';

function countsOf(outcomes: readonly EventOutcome[]): Partial<Record<EventOutcome, number>> {
  const counts: Partial<Record<EventOutcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}
