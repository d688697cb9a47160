import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import type { Vault } from '@kyoka/vault';
import { writeSynced } from './files.js';

export const FORMAT = 'kyoka backup 2';

/** What a backup of the database holds. */
export interface Manifest {
  readonly format: typeof FORMAT;
  readonly madeAt: string;
  /** The vault under whose keys the values are sealed. */
  readonly vault: string;
  /** Names of the migrations that the database had, oldest first. */
  readonly migrations: readonly string[];
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly sha256: string;
  }[];
  /** The numbers that the counters had reached. */
  readonly counters: readonly { readonly name: string; readonly value: string }[];
  /** The keys under which contact points are sealed, with how many. */
  readonly keys: readonly {
    readonly bucket: number;
    readonly version: number;
    readonly rows: number;
  }[];
  /** The copies of checkpoints and of the stop journal: `FOLDER/NAME`. */
  readonly copies: readonly { readonly name: string; readonly sha256: string }[];
}

const FILE = 'manifest.json';

const macOf = (manifest: Manifest, vault: Pick<Vault, 'mac'>): string =>
  vault.mac('backup manifest', JSON.stringify(manifest)).toString('base64url');

/** Written last: a backup without it isn't one. */
export async function writeManifest(
  folder: string,
  manifest: Manifest,
  vault: Pick<Vault, 'mac'>,
): Promise<void> {
  const text = `${JSON.stringify({ manifest, mac: macOf(manifest, vault) }, undefined, 1)}\n`;
  await writeSynced(join(folder, FILE), text);
}

/** @throws KyokaError `not_found` where there is no whole backup */
export async function readManifest(
  folder: string,
): Promise<{ readonly manifest: Manifest; readonly mac: string }> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) {
    throw new KyokaError('not_found', 'there is no whole backup in this folder');
  }
  try {
    return JSON.parse(text) as { manifest: Manifest; mac: string };
  } catch {
    throw changed(FILE);
  }
}

/**
 * @throws KyokaError `key_missing` if the backup was made under other keys, `seal_broken` if its
 *   manifest was changed, `schema_mismatch` if it has another format
 */
export function requireOwn(
  { manifest, mac }: { readonly manifest: Manifest; readonly mac: string },
  vault: Pick<Vault, 'id' | 'mac'>,
): void {
  if (manifest.vault !== vault.id) {
    throw new KyokaError('key_missing', 'the backup was made under other keys than these');
  }
  if (macOf(manifest, vault) !== mac) throw changed(FILE);
  if (manifest.format !== FORMAT) {
    throw new KyokaError('schema_mismatch', `the backup has the format ${String(manifest.format)}`);
  }
}

export const changed = (file: string): KyokaError =>
  new KyokaError('seal_broken', `${file} of the backup was changed, or cut`);
