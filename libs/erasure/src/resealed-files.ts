import { hash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type ContactKind, KyokaError } from '@kyoka/kernel';
import type { SealedRow } from './reseal.js';

/** The rows of a bucket under one version of its key. */
export interface ResealedBucket {
  readonly bucket: number;
  readonly version: number;
  readonly rows: readonly SealedRow[];
}

const FOLDER = 'resealed';
const FILE = /^bucket-(\d{4})\.(\d+)\.jsonl$/;

const nameOf = (bucket: number, version: number): string =>
  `bucket-${String(bucket).padStart(4, '0')}.${version}.jsonl`;

/**
 * Adds the rows of a bucket to the backup set, synced: with them a database older than the bucket's
 * key is readable again, but for who was erased. It takes the place of the bucket's earlier file,
 * whose key is about to go.
 *
 * A file is a row a line, `{"s":subject,"k":kind,"t":token,"c":ciphertext}`, and a last line with the
 * number of rows and the SHA-256 of the lines before it.
 */
export async function keepResealed(backupDir: string, resealed: ResealedBucket): Promise<void> {
  const folder = join(backupDir, FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { bucket, version, rows } = resealed;
  const lines = rows.map((row) => `${JSON.stringify(lineOf(row))}\n`).join('');
  const end = `${JSON.stringify({ rows: rows.length, sha256: hash('sha256', lines) })}\n`;
  const path = join(folder, nameOf(bucket, version));
  const draft = `${path}.${randomUUID()}.tmp`;
  await writeSynced(draft, lines + end);
  await rename(draft, path);
  await sync(folder);
  for (const older of await resealedIn(backupDir)) {
    if (older.bucket === bucket && older.version < version) await unlink(join(folder, older.name));
  }
}

const lineOf = ({ subjectId, kind, token, sealed }: SealedRow): object => ({
  s: subjectId,
  k: kind,
  t: token.toString('base64url'),
  c: sealed.toString('base64url'),
});

/** Which buckets have rows in the backup set, oldest version first. */
export async function resealedIn(
  backupDir: string,
): Promise<{ bucket: number; version: number; name: string }[]> {
  const names = await readdir(join(backupDir, FOLDER)).catch(() => []);
  return names
    .flatMap((name) => {
      const [, bucket, version] = FILE.exec(name) ?? [];
      return bucket === undefined
        ? []
        : [{ bucket: Number(bucket), version: Number(version), name }];
    })
    .sort((a, b) => a.bucket - b.bucket || a.version - b.version);
}

/** @throws KyokaError `seal_broken` if the file was changed or cut */
export async function readResealed(backupDir: string, name: string): Promise<SealedRow[]> {
  const text = await readFile(join(backupDir, FOLDER, name), 'utf8');
  const cut = text.lastIndexOf('\n', text.length - 2) + 1;
  const body = text.slice(0, cut);
  const rows = body
    .split('\n')
    .filter((line) => line !== '')
    .map(rowOf);
  const end = endOf(text.slice(cut));
  if (end.rows === rows.length && end.sha256 === hash('sha256', body)) return rows;
  throw new KyokaError('seal_broken', `${name} in the backup set was changed or cut`);
}

function endOf(line: string): { rows?: number; sha256?: string } {
  try {
    return JSON.parse(line) as { rows?: number; sha256?: string };
  } catch {
    return {};
  }
}

function rowOf(line: string): SealedRow {
  const { s, k, t, c } = JSON.parse(line) as { s: string; k: ContactKind; t: string; c: string };
  return {
    subjectId: s,
    kind: k,
    token: Buffer.from(t, 'base64url'),
    sealed: Buffer.from(c, 'base64url'),
  };
}

async function writeSynced(path: string, text: string): Promise<void> {
  const handle = await open(path, 'w', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
