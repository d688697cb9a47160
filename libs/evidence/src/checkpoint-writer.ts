import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { KyokaError } from '@kyoka/kernel';
import type { Instant } from '@kyoka/kernel';
import { checkpointHash, checkpointText, NO_CHECKPOINT } from '@kyoka/chain';
import type { Checkpoint, Head } from '@kyoka/chain';
import type { CheckpointSigner } from '@kyoka/vault';
import { isSignedBy, lastCheckpoint } from './checkpoint-file.js';
import { CheckpointPlace } from './checkpoint-place.js';

export interface CheckpointOptions {
  /** The folders outside the database (`KYOKA_CHECKPOINT_DIRS`). */
  readonly dirs: readonly string[];
  /** Name of the only process that writes these files: lower-case letters, digits, `-`. */
  readonly writer: string;
  readonly signer: CheckpointSigner;
  /** Size from which on a file is closed and another begun, in bytes; 16 MiB by default. */
  readonly fullBytes?: number;
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
  /** Number of the last checkpoint that was signed; 0 before the first. */
  highest(): number;
  close(): Promise<void>;
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
  for (const dir of dirs) ends.push(await lastCheckpoint(dir, writer, isSigned));
  let last = ends.reduce(
    (most, end) => ((end?.number ?? 0) > (most?.number ?? 0) ? end : most),
    undefined,
  );
  const places: CheckpointPlace[] = [];
  for (const [index, dir] of dirs.entries()) {
    const behind = (last?.number ?? 0) - (ends[index]?.number ?? 0);
    const lacking = last && behind === 1 ? [last] : [];
    places.push(await CheckpointPlace.open({ dir, writer, fullBytes: options.fullBytes }, lacking));
  }

  async function append(checkpoint: Checkpoint): Promise<void> {
    const failures: unknown[] = [];
    for (const place of places) {
      await place.append(checkpoint).catch((fault: unknown) => failures.push(fault));
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
    await append(checkpoint);
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
    highest: () => last?.number ?? 0,
    async close() {
      await turn;
      for (const place of places) await place.close();
    },
  };
}

function plain(heads: readonly Head[]): Head[] {
  return heads.map((head) => ({ chain: head.chain, number: head.number, hash: head.hash }));
}

export function sha256Hex(text: string): string {
  return hash('sha256', text);
}
