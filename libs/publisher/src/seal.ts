import { CompactEncrypt, compactDecrypt } from 'jose';
import type { CryptoKey } from 'jose';
import { bytesOf } from './bytes.js';

/** What a sealed contact is bound to: it opens for this event, source, reference and kind only. */
export interface SealBinding {
  /** `id` of the CloudEvent. */
  readonly id: string;
  /** `source` of the CloudEvent. */
  readonly source: string;
  /** `data.subject.ref`; empty for an event that names people by contact only. */
  readonly ref: string;
  /** Contact kind: `email`, `phone`, `line`, `postal`. */
  readonly kind: string;
}

/** The protected header of a sealed contact, whole: any other member makes it unreadable. */
function sealHeader(kid: string, binding: SealBinding) {
  return {
    alg: 'dir',
    enc: 'A256GCM',
    kid,
    ce_id: binding.id,
    source: binding.source,
    ref: binding.ref,
    kind: binding.kind,
  } as const;
}

/**
 * Whether a parsed protected header is the one of this binding and nothing more. A `zip`, a `crit`,
 * another algorithm or an unknown member would be a second way to read the same bytes.
 */
export function isSealHeader(header: unknown, kid: string, binding: SealBinding): boolean {
  if (typeof header !== 'object' || header === null) return false;
  const wanted: Readonly<Record<string, string>> = sealHeader(kid, binding);
  const given = Object.entries(header);
  return (
    given.length === Object.keys(wanted).length &&
    given.every(([name, value]) => Object.hasOwn(wanted, name) && wanted[name] === value)
  );
}

/** Seals a contact value as a compact JWE (RFC 7516): `alg` `dir`, `enc` `A256GCM`, random IV. */
export async function sealContact(
  value: string,
  kid: string,
  binding: SealBinding,
  sealKey: Uint8Array | CryptoKey,
): Promise<string> {
  return new CompactEncrypt(bytesOf(value))
    .setProtectedHeader(sealHeader(kid, binding))
    .encrypt(sealKey);
}

/**
 * The contact value of a compact JWE, or `undefined` when the key, the binding or the form isn't the
 * expected one. Why it failed is not told: the answer would help only who forges.
 */
export async function openContact(
  jwe: string,
  kid: string,
  binding: SealBinding,
  sealKey: Uint8Array,
): Promise<string | undefined> {
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(jwe, sealKey, {
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    if (!isSealHeader(protectedHeader, kid, binding)) return undefined;
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(plaintext);
  } catch {
    return undefined;
  }
}
