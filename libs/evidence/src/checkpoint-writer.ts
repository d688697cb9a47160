import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { KyokaError } from '@kyoka/kernel';
import type { Instant } from '@kyoka/kernel';
import { checkpointHash, checkpointText, NO_CHECKPOINT } from '@kyoka/chain';
import type { Checkpoint, Head } from '@kyoka/chain';
import type { CheckpointSigner } from '@kyoka/vault';
import { checkpointPath, isSignedBy, readPlace } from './checkpoint-file.js';
import { linesOf } from './lines.js';
import { SyncedFile } from './synced-file.js';

export interface CheckpointOptions {
  /** The folders outside the database (`KYOKA_CHECKPOINT_DIRS`). */
  readonly dirs: readonly string[];
  /** Name of the only process that writes these files: lower-case letters, digits, `-`. */
  readonly writer: string;
  readonly signer: CheckpointSigner;
}

export interface CheckpointWriter {
  /**
   * Signs the heads, as they are committed in the database, and appends them to every place, one
   * after the other, each synced.
   *
   * @returns the checkpoint, to be published too; `undefined` if the heads are those of the last one
   * @throws KyokaError `internal` if a place can't be written; the others were, and the next
   *   checkpoint brings that place what it lacks
   */
  write(heads: readonly Head[], at: Instant): Promise<Checkpoint | undefined>;
  close(): Promise<void>;
}

interface Place {
  readonly file: SyncedFile;
  /** Lines that this place lacks. */
  pending: string[];
}

/**
 * Takes up where the last checkpoint ended. A place that is one behind, as a kill between two places
 * leaves it, gets that one; a place further behind was rolled back and is left as it is, so that the
 * verifier sees it.
 */
export async function openCheckpoints(options: CheckpointOptions): Promise<CheckpointWriter> {
  const { dirs, writer, signer } = options;
  if (!/^[a-z0-9-]{1,64}$/.test(writer)) {
    throw new KyokaError('bad_input', 'a checkpoint writer is lower-case letters, digits and -');
  }
  const isSigned = isSignedBy(signer.publicKey);
  const ends: (Checkpoint | undefined)[] = [];
  for (const dir of dirs) {
    const own = (await readPlace(dir)).filter((line) => line?.writer === writer);
    ends.push(own.findLast((line) => line !== undefined && isSigned(line)));
  }
  let last = ends.reduce(
    (most, end) => ((end?.number ?? 0) > (most?.number ?? 0) ? end : most),
    undefined,
  );
  const places: Place[] = [];
  for (const [index, dir] of dirs.entries()) {
    const file = await openPlace(checkpointPath(dir, writer));
    const behind = (last?.number ?? 0) - (ends[index]?.number ?? 0);
    places.push({ file, pending: last && behind === 1 ? [lineOf(last)] : [] });
  }

  async function append(line: string): Promise<void> {
    const failures: unknown[] = [];
    for (const place of places) {
      place.pending.push(line);
      try {
        await place.file.append(place.pending.join(''));
        place.pending = [];
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) {
      throw new KyokaError('internal', 'a checkpoint could not be written to every place', {
        cause: failures[0],
      });
    }
  }

  async function write(heads: readonly Head[], at: Instant): Promise<Checkpoint | undefined> {
    const sorted = heads.toSorted((a, b) => (a.chain < b.chain ? -1 : 1));
    if (last && isDeepStrictEqual(plain(sorted), plain(last.heads))) return undefined;
    const body = {
      writer,
      number: (last?.number ?? 0) + 1,
      prev: last ? checkpointHash(sha256Hex, last) : NO_CHECKPOINT,
      at,
      heads: plain(sorted),
    };
    const signature = signer.sign(Buffer.from(checkpointText(body))).toString('base64url');
    last = { ...body, signature };
    const checkpoint = last;
    await append(lineOf(checkpoint));
    return checkpoint;
  }

  // One write at a time: two at once would take the same number.
  let turn: Promise<unknown> = Promise.resolve();
  return {
    async write(heads, at) {
      const mine = turn.then(async () => write(heads, at));
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      for (const { file } of places) await file.close();
    },
  };
}

async function openPlace(path: string): Promise<SyncedFile> {
  const file = await SyncedFile.open(path);
  let sound = 0;
  for await (const { end, whole } of linesOf(path)) if (whole) sound = end;
  if (sound < file.size) await file.truncate(sound);
  return file;
}

function plain(heads: readonly Head[]): Head[] {
  return heads.map((head) => ({ chain: head.chain, number: head.number, hash: head.hash }));
}

function lineOf(checkpoint: Checkpoint): string {
  return `${JSON.stringify(checkpoint)}\n`;
}

export function sha256Hex(text: string): string {
  return hash('sha256', text);
}
