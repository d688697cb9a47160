import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isKyokaError } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { deriveKeys } from '@kyoka/publisher';
import type { Vault } from '@kyoka/vault';
import { type SealedKey, sealedKeys } from '../tables/publisher-table.js';
import { openKey } from './sealed-key.js';

/** A publisher under one of its keys: everything about it that never changes. */
export interface KnownPublisher {
  readonly id: string;
  readonly kid: string;
  readonly sources: readonly string[];
  readonly types: readonly string[];
  /** For the MAC over its events. */
  readonly macKey: KeyObject;
  /** For the contacts it sealed. */
  readonly sealKey: KeyObject;
}

/** Publishers by key id. */
export type Publishers = ReadonlyMap<string, KnownPublisher>;

const KID = /^kp-[0-9a-f]{16}$/;

/** Nothing here ever changes but the end of a key, which the transaction of a batch looks up itself. */
const opened = new WeakMap<object, Map<string, KnownPublisher>>();

/**
 * The publishers of these key ids, also of keys that have ended. A key whose row was tampered with
 * doesn't open, and is nobody's: its events are parked like those of a stranger.
 */
export async function knownPublishers(
  db: Queryable,
  vault: Vault,
  kids: Iterable<string>,
): Promise<Publishers> {
  const known = opened.get(vault) ?? new Map<string, KnownPublisher>();
  opened.set(vault, known);
  const wanted = [...new Set(kids)].filter((kid) => KID.test(kid));
  const missing = wanted.filter((kid) => !known.has(kid));
  for (const row of missing.length === 0 ? [] : await sealedKeys(db, missing)) {
    const publisher = open(row, vault);
    if (publisher !== undefined) known.set(row.kid, publisher);
  }
  return new Map(
    wanted.flatMap((kid) => {
      const publisher = known.get(kid);
      return publisher === undefined ? [] : [[kid, publisher]];
    }),
  );
}

function open({ sealed, ...row }: SealedKey, vault: Vault): KnownPublisher | undefined {
  const { id, kid, sources, types } = row;
  try {
    const { macKey, sealKey } = deriveKeys(openKey(vault, sealed, kid, row));
    return {
      id,
      kid,
      sources,
      types,
      macKey: createSecretKey(macKey),
      sealKey: createSecretKey(sealKey),
    };
  } catch (fault) {
    if (isKyokaError(fault) && fault.code === 'seal_broken') return undefined;
    throw fault;
  }
}
