import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { KyokaError } from '@kyoka/kernel';
import type { FieldFault, Instant } from '@kyoka/kernel';
import { deriveKeys } from '@kyoka/publisher';
import type { WrappedKeys } from './wrapping.js';

export interface PublisherGrant {
  /** Who holds the key, for people to read. */
  readonly name: string;
  /** Values of `source` that its events may carry. */
  readonly sources: readonly string[];
  /** Event types that it may publish. */
  readonly types: readonly string[];
  /** The last instant at which an event of this key is taken. */
  readonly validUntil: Instant;
}

export interface PublisherEntry extends PublisherGrant {
  readonly kid: string;
  readonly revokedAt?: Instant;
}

export interface RegisteredPublisher extends PublisherEntry {
  /** For the MAC over its events. */
  readonly macKey: KeyObject;
  /** For the contacts it sealed. */
  readonly sealKey: KeyObject;
}

export interface PublisherRegistry {
  /**
   * Registers a new key.
   *
   * @returns the key id and the key (32 bytes as base64url), which can't be shown again
   * @throws KyokaError `bad_input` naming each wrong field
   */
  register(grant: PublisherGrant): Promise<{ readonly kid: string; readonly key: string }>;
  /**
   * The publisher of this key id, also when its end is past or it was revoked: whether an event is
   * taken is the caller's to judge. What another process registered is found at once, what it
   * changed within a second.
   */
  find(kid: string): Promise<RegisteredPublisher | undefined>;
  /** Every publisher, without keys, by key id. */
  list(): Promise<PublisherEntry[]>;
}

interface Stored extends PublisherEntry {
  readonly key: string;
}

const RECHECK_MS = 1_000;
const PREFIX = 'publisher-';
const KID = /^kp-[0-9a-f]{16}$/;

export function publisherRegistry(keys: WrappedKeys): PublisherRegistry {
  const cache = new Map<string, { readAt: number; revision: number; found: RegisteredPublisher }>();

  async function find(kid: string): Promise<RegisteredPublisher | undefined> {
    if (!KID.test(kid)) return undefined;
    const cached = cache.get(kid);
    const readAt = performance.now();
    if (cached && readAt - cached.readAt < RECHECK_MS) return cached.found;
    const stored = await keys.read(PREFIX + kid);
    if (!stored) {
      cache.delete(kid);
      return undefined;
    }
    const unchanged = cached?.revision === stored.revision;
    const found = unchanged ? cached.found : publisherOf(read(stored.bytes));
    cache.set(kid, { readAt, revision: stored.revision, found });
    return found;
  }

  return {
    find,
    async register(grant) {
      const faults = faultsOf(grant);
      if (faults.length > 0) {
        throw new KyokaError('bad_input', 'the publisher is not well described', { faults });
      }
      const { name, sources, types, validUntil } = grant;
      const kid = `kp-${randomBytes(8).toString('hex')}`;
      const key = randomBytes(32).toString('base64url');
      const stored: Stored = { kid, name, sources, types, validUntil, key };
      if (!(await keys.write(PREFIX + kid, 1, Buffer.from(JSON.stringify(stored))))) {
        throw new KyokaError('conflict', 'a publisher of this key id exists');
      }
      return { kid, key };
    },
    async list() {
      const entries: PublisherEntry[] = [];
      for (const name of await keys.names(PREFIX)) {
        const stored = await keys.read(name);
        if (!stored) continue;
        const { key: _key, ...entry } = read(stored.bytes);
        entries.push(entry);
      }
      return entries;
    },
  };
}

// The blob is authenticated, so its form is the one that `register` wrote.
function read(bytes: Buffer): Stored {
  return JSON.parse(bytes.toString()) as Stored;
}

function publisherOf({ key, ...entry }: Stored): RegisteredPublisher {
  const derived = deriveKeys(key);
  return {
    ...entry,
    macKey: createSecretKey(derived.macKey),
    sealKey: createSecretKey(derived.sealKey),
  };
}

function faultsOf(grant: PublisherGrant): FieldFault[] {
  const named = (list: readonly string[]) =>
    list.length > 0 && list.every((item) => /^[\w.:/-]{1,100}$/.test(item));
  const checks: [string, boolean, string][] = [
    ['name', /^[^\p{Cc}]{1,100}$/u.test(grant.name), 'up to 100 characters, at least one'],
    ['sources', named(grant.sources), 'at least one source'],
    ['types', named(grant.types), 'at least one event type'],
    ['validUntil', Number.isSafeInteger(grant.validUntil), 'an instant'],
  ];
  return checks.flatMap(([field, holds, expected]) => (holds ? [] : [{ field, expected }]));
}
