import type {
  DecisionAnswer,
  DecisionRequest,
  EventAnswer,
  EventBatchAnswer,
  SuspensionAnswer,
  SuspensionRequest,
} from '@kyoka/contracts';
import { DECISION_BATCH_LIMIT, EVENT_BATCH_LIMIT } from '@kyoka/contracts';
import { SECOND } from '@kyoka/kernel';
import { connect, type ConnectionOptions } from './connection.js';
import { PATIENCE, type Patience, type Repeatable, retrying } from './retrying.js';

export interface ClientOptions extends Omit<ConnectionOptions, 'timeoutMs'> {
  /** How long one request may take; 30 seconds without it. */
  readonly timeoutMs?: number;
  readonly patience?: Partial<Patience>;
}

/** A CloudEvent in structured mode; its contacts in the clear, or sealed with `@kyoka/publisher`. */
export interface EventToSend {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: object;
  readonly [attribute: string]: unknown;
}

/**
 * What other services ask of a running Kyoka. Every method throws a `ServiceFault` (a KyokaError of
 * the closed list) once asking again is of no use; a refusal to use somebody's data is no fault but
 * an answer.
 */
export interface KyokaClient {
  /**
   * Whether a person's data may be used now. The answer is advice; who acts on it outside the release
   * gate asks with `record: true`, and gets the id of the stored decision.
   */
  decide(request: DecisionRequest): Promise<DecisionAnswer>;
  /** An answer per case, in their order, however many there are. */
  decideAll(cases: readonly DecisionRequest[]): Promise<DecisionAnswer[]>;
  /** An answer per event, in their order; each is durable, and the same event again is a duplicate. */
  publish(events: readonly EventToSend[]): Promise<EventAnswer[]>;
  /** Suspends the use of somebody's data for them; once it answers, no use within the scope starts. */
  suspend(request: SuspensionRequest): Promise<SuspensionAnswer>;
  suspension(id: string): Promise<SuspensionAnswer>;
  /**
   * Asks until every recipient has confirmed, or so long; gives what it was told last. The owner of a token
   * without `subjects:read` is told of no recipient, so for them it lasts its whole time.
   */
  untilConfirmed(id: string, withinMs: number): Promise<SuspensionAnswer>;
}

const TIMEOUT_MS = 30 * SECOND;
const ASK_EVERY_MS = SECOND;

/** @throws KyokaError `config_invalid` for an address to which the token would go in the clear */
export function createClient(options: ClientOptions): KyokaClient {
  const { patience: own, timeoutMs = TIMEOUT_MS } = options;
  const connection = connect({ ...options, timeoutMs });
  const patience = { ...PATIENCE, ...own };
  const post = <T>(path: string, body: unknown, repeatable: Repeatable, mediaType?: string) =>
    retrying(patience, repeatable, () =>
      connection.call<T>('POST', path, { body, ...(mediaType && { mediaType }) }),
    );
  const suspension = (id: string) =>
    retrying(patience, 'safe', () =>
      connection.call<SuspensionAnswer>('GET', `/v1/suspensions/${encodeURIComponent(id)}`),
    );
  return {
    decide: (request) => post('/v1/decisions', request, repeatableOf([request])),
    decideAll: (cases) =>
      inParts(cases, DECISION_BATCH_LIMIT, async (part) => {
        const path = '/v1/decisions:batch';
        const body = { cases: part };
        return (await post<{ decisions: DecisionAnswer[] }>(path, body, repeatableOf(part)))
          .decisions;
      }),
    publish: (events) =>
      inParts(events, EVENT_BATCH_LIMIT, async (part) => {
        const mediaType = 'application/cloudevents-batch+json';
        return (await post<EventBatchAnswer>('/v1/events', part, 'safe', mediaType)).results;
      }),
    // Twice the same stop stops the same: better twice than not at all.
    suspend: (request) => post('/v1/suspensions', request, 'safe'),
    suspension,
    async untilConfirmed(id, withinMs) {
      const { wait = pause } = patience;
      const deadline = performance.now() + withinMs;
      let answer = await suspension(id);
      while (!isConfirmed(answer) && performance.now() < deadline) {
        await wait(ASK_EVERY_MS);
        answer = await suspension(id);
      }
      return answer;
    },
  };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isConfirmed = ({ followed, removals }: SuspensionAnswer): boolean =>
  followed && removals.every(({ state }) => state === 'confirmed');

/** A recorded decision that was asked for twice would be two. */
const repeatableOf = (requests: readonly DecisionRequest[]): Repeatable =>
  requests.some(({ record }) => record === true) ? 'answered' : 'safe';

async function inParts<T, R>(
  all: readonly T[],
  size: number,
  ask: (part: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const answers: R[] = [];
  for (let start = 0; start < all.length; start += size) {
    answers.push(...(await ask(all.slice(start, start + size))));
  }
  return answers;
}
