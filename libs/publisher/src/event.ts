import { bytesOf } from './bytes.js';
import { canonicalJson } from './canonical-json.js';
import type { JsonValue } from './canonical-json.js';
import type { Attributes } from './mac.js';

export const CONTENT_TYPE = 'application/json';

/** One event ready for Kafka: CloudEvents 1.0 in binary mode. */
export interface SignedEvent {
  /** `ce_*` for every attribute, and `content-type`. */
  readonly headers: Readonly<Record<string, string>>;
  /** The record key: a pseudonym of the person, never an address. */
  readonly key: string;
  /** Canonical JSON (RFC 8785) of the data, UTF-8. */
  readonly value: Uint8Array;
}

/** The headers of a binary-mode record for these attributes. */
export function headersOf(attributes: Attributes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) =>
      name === 'datacontenttype' ? ['content-type', value] : [`ce_${name}`, value],
    ),
  );
}

/** The attributes of a binary-mode record: its `ce_*` headers and its content type. Others are no part of the event. */
export function attributesOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (name.startsWith('ce_')) return [[name.slice(3), value]];
      return name === 'content-type' ? [['datacontenttype', value]] : [];
    }),
  );
}

/** The same event as one JSON object (structured mode), as `POST /v1/events` takes it; the MAC stays valid. */
export function toStructured(event: SignedEvent): Readonly<Record<string, JsonValue>> {
  const data = JSON.parse(new TextDecoder().decode(event.value)) as JsonValue;
  return { ...attributesOf(event.headers), data };
}

/**
 * Attributes and data bytes of a structured event, as the MAC covers them.
 *
 * @returns `undefined` if a member besides `data` isn't a string, or there is no `data`
 */
export function fromStructured(
  event: Readonly<Record<string, JsonValue | undefined>>,
): { readonly attributes: Attributes; readonly data: Uint8Array } | undefined {
  const { data, ...rest } = event;
  if (data === undefined) return undefined;
  const members = Object.entries(rest);
  if (!members.every((member): member is [string, string] => typeof member[1] === 'string')) {
    return undefined;
  }
  return { attributes: Object.fromEntries(members), data: bytesOf(canonicalJson(data)) };
}
