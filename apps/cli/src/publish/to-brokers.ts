import { isEventType, TOPIC_OF_TYPE } from '@kyoka/contracts';
import {
  createPublisher,
  type EventDraft,
  type Publisher,
  type PublisherKeyFile,
  UnsealableContact,
} from '@kyoka/publisher';
import type { OutboundRecord, Producer } from '@kyoka/transport';
import { ANSWERED, REFUSED } from '../lines/surroundings.js';
import { answerPart, eventLines, type EventResult, type ReadLine } from './event-lines.js';

const PART = 500;

type Event = Readonly<Record<string, unknown>>;
interface Addressed {
  readonly topic: string;
  readonly record: OutboundRecord;
}

/**
 * `kyoka publish --to BROKERS`: seals the contacts of every event, signs it and queues it in its topic.
 * `queued` says that it is durable there; what intake makes of it shows later.
 *
 * @returns 0, or 1 when an event was refused
 * @throws KyokaError `kafka_unavailable`: lines without an answer may or may not have arrived; send
 *   them again
 */
export async function publishToBrokers(
  producer: Producer,
  key: PublisherKeyFile,
  lines: AsyncIterable<string>,
  write: (line: string) => void,
  read?: ReadLine,
): Promise<number> {
  const publishers = new Map<string, Publisher>();
  const publisherOf = (source: string): Publisher => {
    const known = publishers.get(source) ?? createPublisher({ ...key, source });
    publishers.set(source, known);
    return known;
  };
  let exitCode = ANSWERED;
  for await (const part of eventLines(lines, PART, read)) {
    const send = async (events: readonly Event[]) => {
      const prepared = await Promise.all(
        events.map(async (event) => faultOf(event, key) ?? address(event, publisherOf)),
      );
      await queue(producer, prepared);
      return prepared.map((one): EventResult => ('record' in one ? { status: 'queued' } : one));
    };
    if (!(await answerPart(part, send, write))) exitCode = REFUSED;
  }
  return exitCode;
}

/** What keeps an event from being signed. Whether its data fits is for intake to judge, which loses no stop. */
function faultOf(event: Event, key: PublisherKeyFile): EventResult | undefined {
  const isText = (value: unknown) => typeof value === 'string' && value !== '';
  const checks: [string, boolean, string][] = [
    ['id', isText(event['id']), 'a text'],
    ['time', isText(event['time']), 'a time with its offset'],
    ['type', isEventType(event['type']) && key.types.includes(event['type']), 'a type of the key'],
    ['source', key.sources.some((source) => source === event['source']), 'a source of the key'],
    ['data', typeof event['data'] === 'object' && event['data'] !== null, 'an object'],
  ];
  const faults = checks.flatMap(([field, holds, expected]) => (holds ? [] : [{ field, expected }]));
  return faults.length === 0 ? undefined : { status: 'refused', faults };
}

async function address(
  { id, source, type, time, data }: Event,
  publisherOf: (source: string) => Publisher,
): Promise<Addressed | EventResult> {
  try {
    const draft = { id, type, time, data } as EventDraft;
    const { headers, key, value } = await publisherOf(source as string).event(draft);
    return {
      topic: TOPIC_OF_TYPE[type as keyof typeof TOPIC_OF_TYPE],
      record: { key, value: Buffer.from(value), headers },
    };
  } catch (fault) {
    if (fault instanceof UnsealableContact) {
      return { status: 'refused', faults: [{ field: fault.field, expected: fault.expected }] };
    }
    if (!(fault instanceof TypeError || fault instanceof RangeError)) throw fault;
    return { status: 'refused', faults: [{ field: 'data', expected: 'data that can be sealed' }] };
  }
}

async function queue(producer: Producer, prepared: readonly (Addressed | EventResult)[]) {
  const addressed = prepared.filter((one) => 'record' in one);
  for (const [topic, ofOne] of Map.groupBy(addressed, (one) => one.topic)) {
    await producer.send(
      topic,
      ofOne.map(({ record }) => record),
    );
  }
}
