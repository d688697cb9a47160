import type { Sha256Hex } from './block.js';
import { checkpointHash, NO_CHECKPOINT } from './checkpoint.js';
import type { Checkpoint } from './checkpoint.js';
import type { Defect, DefectKind } from './defects.js';
import type { Witnesses } from './verify-chain.js';

/** The lines of one place in their order, read one by one; `undefined` for a line that is no checkpoint. */
export type PlaceContent = AsyncIterable<Checkpoint | undefined>;

export interface CheckpointVerdict {
  readonly defects: readonly Defect[];
  /** Number of distinct valid checkpoints. */
  readonly checkpoints: number;
  /** What valid checkpoints of all places witness, per chain. */
  readonly witnesses: ReadonlyMap<string, Witnesses>;
}

interface End {
  readonly number: number;
  readonly hash: string;
}

/** A checkpoint goes to one place after the other, so a kill between them leaves one place one behind. */
const LAG_OF_A_CRASH = 1;

/**
 * Checks the checkpoints of all places on their own and against each other. Each place keeps what
 * the others lose: a roll-back has to reach all of them to go unnoticed.
 */
export async function verifyCheckpoints(
  places: readonly PlaceContent[],
  sha256Hex: Sha256Hex,
  isSigned: (checkpoint: Checkpoint) => boolean,
): Promise<CheckpointVerdict> {
  const defects: Defect[] = [];
  const witnesses = new Map<string, Map<number, Set<string>>>();
  const hashes = new Map<string, Map<number, string>>();
  const ends: ReadonlyMap<string, End>[] = [];
  for (const [place, lines] of places.entries()) {
    const last = new Map<string, End>();
    let line = 0;
    for await (const checkpoint of lines) {
      line += 1;
      if (!checkpoint) {
        defects.push({ kind: 'unreadable_checkpoint', place, checkpoint: line });
        continue;
      }
      const { writer, number } = checkpoint;
      const found = (kind: DefectKind) => defects.push({ kind, place, writer, checkpoint: number });
      if (!isSigned(checkpoint)) {
        found('bad_signature');
        continue;
      }
      const before = last.get(writer) ?? { number: 0, hash: NO_CHECKPOINT };
      const hash = checkpointHash(sha256Hex, checkpoint);
      if (number <= before.number) found('reordered_checkpoint');
      else if (number > before.number + 1) found('missing_checkpoint');
      else if (checkpoint.prev !== before.hash) found('broken_checkpoint_link');
      if (number > before.number) last.set(writer, { number, hash });

      const known = nested(hashes, writer);
      if ((known.get(number) ?? hash) !== hash) found('conflicting_checkpoints');
      known.set(number, hash);
      for (const head of checkpoint.heads) {
        const byNumber = nested(witnesses, head.chain);
        byNumber.set(head.number, (byNumber.get(head.number) ?? new Set()).add(head.hash));
      }
    }
    ends.push(last);
  }

  for (const [writer, known] of hashes) {
    const highest = [...known.keys()].reduce((most, number) => Math.max(most, number), 0);
    ends.forEach((last, place) => {
      const end = last.get(writer)?.number ?? 0;
      if (end < highest - LAG_OF_A_CRASH) {
        defects.push({ kind: 'rolled_back_checkpoint', place, writer, checkpoint: end });
      }
    });
  }
  const checkpoints = [...hashes.values()].reduce((sum, known) => sum + known.size, 0);
  return { defects, checkpoints, witnesses };
}

function nested<K, V>(maps: Map<string, Map<K, V>>, key: string): Map<K, V> {
  const map = maps.get(key) ?? new Map<K, V>();
  maps.set(key, map);
  return map;
}
