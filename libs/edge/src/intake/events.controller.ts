import { EVENT_BATCH_LIMIT, type EventAnswer, type EventBatchAnswer } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import type { IntakeAnswer, RawEvent } from '@kyoka/intake';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import type { IntakePort } from '../ports.js';
import { UnreadEvent } from '../http/bodies.js';
import { holdCredential, type Identity } from '@kyoka/access';
import { Caller } from '../http/identity.js';
import { INTAKE } from '../injection.js';
import { eventOfBody } from './raw-events.js';
import { Needs } from '../http/needs.js';

const NOT_AN_EVENT: EventAnswer = {
  outcome: 'refused',
  faults: [{ field: '', expected: 'a CloudEvent as a JSON object' }],
};

/** `POST /v1/events`: one CloudEvent, or an array of them; durable before it answers. */
@Controller('v1/events')
export class EventsController {
  readonly #intake: IntakePort;

  constructor(@Inject(INTAKE) intake: IntakePort) {
    this.#intake = intake;
  }

  @Post()
  @Needs('events:publish')
  @HttpCode(202)
  async publish(
    @Body() body: unknown,
    @Caller() caller: Identity,
  ): Promise<EventAnswer | EventBatchAnswer> {
    return Array.isArray(body) ? this.#batch(body, caller) : this.#single(body, caller);
  }

  #ingest(events: readonly RawEvent[], caller: Identity): Promise<IntakeAnswer[]> {
    return this.#intake.ingest(events, { entitled: (tx) => holdCredential(tx, caller) });
  }

  async #single(body: unknown, caller: Identity): Promise<EventAnswer> {
    const event = eventOfBody(body, caller.owner);
    const [answer] = event === undefined ? [] : await this.#ingest([event], caller);
    const { outcome, faults = [], ...rest } = answer === undefined ? NOT_AN_EVENT : told(answer);
    if (outcome === 'refused') {
      throw new KyokaError('bad_input', 'The event does not fit its contract', { faults });
    }
    return { outcome, ...rest, ...(faults.length > 0 && { faults }) };
  }

  async #batch(bodies: readonly unknown[], caller: Identity): Promise<EventBatchAnswer> {
    if (bodies.length > EVENT_BATCH_LIMIT) {
      throw new KyokaError('too_large', 'The batch holds too many events', {
        faults: [{ field: '', expected: `at most ${EVENT_BATCH_LIMIT} events` }],
      });
    }
    const events = bodies.map((body) => eventOfBody(body, caller.owner));
    const readable = events.filter((event): event is RawEvent => event !== undefined);
    const answers = (await this.#ingest(readable, caller)).values();
    return {
      results: events.map((event, index) => {
        const answer = event === undefined ? undefined : answers.next().value;
        return answer === undefined ? refusalOf(bodies[index]) : told(answer);
      }),
    };
  }
}

function refusalOf(body: unknown): EventAnswer {
  return body instanceof UnreadEvent
    ? { outcome: 'refused', faults: [{ field: '', expected: body.expected }] }
    : NOT_AN_EVENT;
}

/** What is told to the publisher: the outcome and the fields. */
function told({ outcome, reason, faults = [] }: IntakeAnswer): EventAnswer {
  return { outcome, ...(reason && { reason }), ...(faults.length > 0 && { faults: [...faults] }) };
}
