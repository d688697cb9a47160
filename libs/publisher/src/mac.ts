import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOf, toBase64Url } from './bytes.js';

/** CloudEvents attributes by name (`id`, `source`, `kyokakid`, ...), without the prefix of a binding. */
export type Attributes = Readonly<Record<string, string>>;

/** The attribute that carries the MAC; the only one it doesn't cover. */
export const MAC_ATTRIBUTE = 'kyokamac';
/** The attribute that names the publisher key. */
export const KID_ATTRIBUTE = 'kyokakid';

const DOMAIN = bytesOf('kyoka event mac v1');

/**
 * What the MAC is computed over. Every part is preceded by its length in bytes (32 bits, big
 * endian), so no two events give the same input:
 *
 *     part("kyoka event mac v1")
 *     count of attributes, 32 bits
 *     part(name) part(value)      for each attribute but `kyokamac`, sorted by name
 *     part(data)
 *
 * Names are ASCII, values UTF-8 as they stand in the event. The content type is the attribute
 * `datacontenttype`. `data` is the exact body of a binary-mode event, and the canonical JSON
 * (RFC 8785) of `data` of a structured one.
 */
export function macInput(attributes: Attributes, data: Uint8Array): Uint8Array {
  const names = Object.keys(attributes)
    .filter((name) => name !== MAC_ATTRIBUTE)
    .sort();
  const parts = [DOMAIN];
  for (const name of names) parts.push(bytesOf(name), bytesOf(attributes[name] ?? ''));
  parts.push(data);

  const length = parts.reduce((sum, part) => sum + 4 + part.length, 4);
  const input = new Uint8Array(length);
  const view = new DataView(input.buffer);
  let offset = 0;
  parts.forEach((part, index) => {
    if (index === 1) {
      view.setUint32(offset, names.length);
      offset += 4;
    }
    view.setUint32(offset, part.length);
    input.set(part, offset + 4);
    offset += 4 + part.length;
  });
  return input;
}

/** The MAC of an event: base64url HMAC-SHA256 of {@link macInput}, 43 characters. */
export function computeMac(attributes: Attributes, data: Uint8Array, macKey: Uint8Array): string {
  return toBase64Url(hmac(sha256, macKey, macInput(attributes, data)));
}

/** Whether `attributes.kyokamac` is the MAC of the other attributes and the data; in constant time. */
export function verifyMac(attributes: Attributes, data: Uint8Array, macKey: Uint8Array): boolean {
  const given = attributes[MAC_ATTRIBUTE];
  const wanted = computeMac(attributes, data, macKey);
  if (given?.length !== wanted.length) return false;
  let difference = 0;
  for (let index = 0; index < wanted.length; index++) {
    difference |= wanted.charCodeAt(index) ^ given.charCodeAt(index);
  }
  return difference === 0;
}
