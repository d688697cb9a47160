import { hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesOf, fromBase64Url } from './bytes.js';

export interface PublisherKeys {
  /** HMAC-SHA256 key of the MAC over an event. 32 bytes. */
  readonly macKey: Uint8Array;
  /** AES-256-GCM key that seals contact values. 32 bytes. */
  readonly sealKey: Uint8Array;
  /** HMAC-SHA256 key of the pseudonymous record key. 32 bytes. */
  readonly recordKey: Uint8Array;
}

/**
 * The keys that a publisher key stands for: HKDF-SHA256 (RFC 5869) without salt, one `info` each, so
 * that what signs is never what seals.
 *
 * @param key the registered publisher key: 32 bytes, or these as base64url
 * @throws RangeError for anything else
 */
export function deriveKeys(key: string | Uint8Array): PublisherKeys {
  const bytes = typeof key === 'string' ? fromBase64Url(key) : key;
  if (bytes?.length !== 32) throw new RangeError('a publisher key is 32 bytes as base64url');
  const derive = (use: string) =>
    hkdf(sha256, bytes, undefined, bytesOf(`kyoka publisher ${use} v1`), 32);
  return { macKey: derive('mac'), sealKey: derive('seal'), recordKey: derive('record key') };
}
