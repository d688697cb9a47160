/** Hex of MD5, SHA-1 or SHA-256; base64 or base64url of 32 bytes. */
const DIGEST = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[\w+/-]{43}=?)$/i;

/**
 * Whether the value already looks like a digest. A digest of a digest is accepted by every ad
 * network and matches nobody, so it is refused and never hashed again.
 */
export function looksLikeDigest(value: string): boolean {
  return DIGEST.test(value);
}
