import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOf, toBase64Url } from './bytes.js';
import { canonicalJson } from './canonical-json.js';
import type { JsonValue } from './canonical-json.js';
import { isObject, sealContacts } from './contacts.js';
import type { PlainContact } from './contacts.js';
import { CONTENT_TYPE, headersOf } from './event.js';
import type { SignedEvent } from './event.js';
import { deriveKeys } from './keys.js';
import { computeMac, KID_ATTRIBUTE, MAC_ATTRIBUTE } from './mac.js';
import { sealContact } from './seal.js';

export interface PublisherOptions {
  /** Id of the registered key. */
  readonly kid: string;
  /** The registered key: 32 bytes as base64url. */
  readonly key: string;
  /** The `source` of every event; one of those the key is registered for. */
  readonly source: string;
}

export interface EventDraft {
  /** With the source the idempotency key: the same id again is the same event again. */
  readonly id: string;
  readonly type: string;
  /** When the event is recorded, RFC 3339 with offset. */
  readonly time: string;
  readonly data: JsonValue;
  /** The record key, if it isn't to be derived from the subject. Never an address. */
  readonly partitionKey?: string;
}

export interface Publisher {
  /** Seals one contact value for one event of the given reference. */
  seal(
    contact: PlainContact,
    event: { readonly id: string; readonly source: string },
    ref: string,
  ): Promise<string>;
  /**
   * Seals every contact value found in the data and signs the event.
   *
   * @throws UnsealableContact (a TypeError) for contacts that would leave readable
   * @throws RangeError for data that JSON can't hold
   */
  event(draft: EventDraft): Promise<SignedEvent>;
}

/**
 * What a publisher needs to send events to Kyoka: contacts sealed and the event signed before it
 * reaches a topic.
 *
 * @throws RangeError for a key that isn't 32 bytes of base64url
 */
export function createPublisher({ kid, key, source }: PublisherOptions): Publisher {
  const keys = deriveKeys(key);
  const sealKey = crypto.subtle.importKey('raw', Uint8Array.from(keys.sealKey), 'AES-GCM', false, [
    'encrypt',
  ]);

  const seal: Publisher['seal'] = async (contact, event, ref) =>
    sealContact(
      contact.value,
      kid,
      { id: event.id, source: event.source, ref, kind: contact.kind },
      await sealKey,
    );

  return {
    seal,
    async event({ id, type, time, data, partitionKey }) {
      const ref = subjectRef(data);
      const sealed = await sealContacts(data, (contact) => seal(contact, { id, source }, ref));
      const value = bytesOf(canonicalJson(sealed));
      const attributes = {
        specversion: '1.0',
        id,
        source,
        type,
        time,
        datacontenttype: CONTENT_TYPE,
        [KID_ATTRIBUTE]: kid,
      };
      const mac = computeMac(attributes, value, keys.macKey);
      return {
        headers: headersOf({ ...attributes, [MAC_ATTRIBUTE]: mac }),
        key: partitionKey ?? recordKey(data, id, keys.recordKey),
        value,
      };
    },
  };
}

function subjectRef(data: JsonValue): string {
  const subject = isObject(data) ? data['subject'] : undefined;
  const ref = isObject(subject) ? subject['ref'] : undefined;
  return typeof ref === 'string' ? ref : '';
}

/** A keyed pseudonym of whom the event is about: subject, else contacts, else the event itself. */
function recordKey(data: JsonValue, id: string, key: Uint8Array): string {
  const whom = isObject(data) ? (data['subject'] ?? data['contacts'] ?? id) : id;
  return toBase64Url(hmac(sha256, key, bytesOf(canonicalJson(whom))).subarray(0, 16));
}
