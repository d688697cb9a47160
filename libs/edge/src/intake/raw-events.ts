import type { Json } from '@kyoka/kernel';
import type { RawEvent } from '@kyoka/intake';
import { attributesOf, fromStructured } from '@kyoka/publisher';
import type { InboundRecord } from '@kyoka/transport';
import { UnreadEvent } from '../http/bodies.js';

const EMPTY = Buffer.alloc(0);

/** Which topics take events without a MAC, and which contact values in the clear. */
export interface TopicRights {
  readonly unsigned: ReadonlySet<string>;
  readonly plaintext: ReadonlySet<string>;
}

/**
 * A record of a topic as the event it carries (CloudEvents Kafka binding, binary mode). An attribute
 * given twice is ambiguous, so it is taken as empty: no MAC is valid over it. A tombstone is an event
 * without data, which is malformed.
 */
export function eventOfRecord(record: InboundRecord, rights: TopicRights): RawEvent {
  const headers = Object.entries(record.headers).map(([name, values]): [string, string] => [
    name,
    values.length === 1 ? String(values[0]) : '',
  ]);
  return {
    attributes: attributesOf(Object.fromEntries(headers)),
    data: record.value ?? EMPTY,
    place: `${record.topic}/${record.partition}/${record.offset}`,
    ...(record.appendedAt !== undefined && { arrivedAt: record.appendedAt }),
    by: {
      kind: rights.unsigned.has(record.topic) ? 'unsigned_topic' : 'mac',
      plaintext: rights.plaintext.has(record.topic),
    },
  };
}

/**
 * An event in structured mode, posted by the owner of a token. What isn't quite a CloudEvent still
 * becomes one as far as it can be read, so that a stop in it takes effect; it is for intake to judge.
 *
 * @returns `undefined` for what isn't even a JSON object, or was not read
 */
export function eventOfBody(body: unknown, owner: string): RawEvent | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  if (body instanceof UnreadEvent) return undefined;
  const event = body as Readonly<Record<string, Json>>;
  const { attributes, data } = strictly(event) ?? loosely(event);
  return { attributes, data, place: 'http', by: { kind: 'token', plaintext: true, owner } };
}

type Parts = Pick<RawEvent, 'attributes' | 'data'>;

function strictly(event: Readonly<Record<string, Json>>): Parts | undefined {
  try {
    return fromStructured(event);
  } catch {
    // Lone surrogates: canonical JSON can't hold them.
    return undefined;
  }
}

function loosely({ data, ...rest }: Readonly<Record<string, Json>>): Parts {
  const attributes = Object.entries(rest).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? [[name, String(value)]]
      : [],
  );
  return {
    attributes: Object.fromEntries(attributes),
    data: data === undefined ? EMPTY : Buffer.from(JSON.stringify(data)),
  };
}
