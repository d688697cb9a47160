import { digestOffsets } from './digest-offsets.js';
import { DigestFilter } from './filter.js';
import { readablesIn } from './plain.js';
import { readCopy, sizeOf } from './read-copy.js';
import { addValues } from './values.js';
import { eachView } from './views.js';
import type { Known } from '../people.js';

/** What is to be known of a copy for the guessing. */
export interface CopyIndex {
  readonly folder: string;
  readonly bytes: number;
  /** Wherever a digest may begin. */
  readonly digests: DigestFilter;
  /** Ids of the contacts that stand readable in it. */
  readonly readable: ReadonlySet<string>;
  /** Every 32-byte value that may be a key, one character a byte. */
  readonly values: ReadonlySet<string>;
}

/** A digest that may be somewhere in a copy. */
export interface Suspect {
  readonly digest: Buffer;
  /** Whose it is (`keyOf`). */
  readonly key: string;
  /** Such as `SHA-256`. */
  readonly how: string;
}

const offsets = new Int32Array(64 << 20);
const PREFIX = 8;

/** Reads a copy once. */
export async function indexCopy(
  folder: string,
  known: Known,
  onBytes: (done: number) => void,
): Promise<CopyIndex> {
  const bytes = await sizeOf(folder);
  const digests = DigestFilter.for(bytes);
  const readable = new Set<string>();
  const values = new Set<string>();
  let done = 0;
  for await (const piece of readCopy(folder)) {
    addValues(piece, values);
    eachView(piece.bytes, (view) => {
      const found = digestOffsets(view, offsets);
      for (let n = 0; n < found; n += 1) digests.add(view, offsets[n] as number);
      readablesIn(view, known, (id) => readable.add(id));
    });
    onBytes((done += piece.bytes.length));
  }
  return { folder, bytes, digests, readable, values };
}

/** Which of the digests are really there. */
export async function suspectsIn(
  folder: string,
  suspects: readonly Suspect[],
  onBytes: (done: number) => void,
): Promise<Suspect[]> {
  if (suspects.length === 0) return [];
  const filter = DigestFilter.for(suspects.length);
  const byPrefix = Map.groupBy(suspects, ({ digest }) => digest.toString('latin1', 0, PREFIX));
  for (const { digest } of suspects) filter.add(digest);
  const found = new Set<Suspect>();
  let done = 0;
  for await (const { bytes } of readCopy(folder)) {
    eachView(bytes, (view) => {
      const count = digestOffsets(view, offsets);
      for (let n = 0; n < count; n += 1) {
        const at = offsets[n] as number;
        if (!filter.mayHold(view, at)) continue;
        for (const suspect of byPrefix.get(view.toString('latin1', at, at + PREFIX)) ?? []) {
          if (view.compare(suspect.digest, 0, undefined, at, at + suspect.digest.length) === 0)
            found.add(suspect);
        }
      }
    });
    onBytes((done += bytes.length));
  }
  return [...found];
}
