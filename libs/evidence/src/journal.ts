import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { KyokaError } from '@kyoka/kernel';
import { readJournalLine, writeJournalLine } from './journal-line.js';
import type { JournalLine, StopJournalEntry } from './journal-line.js';
import { linesOf } from './lines.js';
import { linesBackwards } from './lines-backwards.js';
import { SyncedFile } from './synced-file.js';

export interface JournalPlace {
  /** The journal folder (`KYOKA_JOURNAL_DIR`). */
  readonly dir: string;
  /** Name of the only process that writes this file: lower-case letters, digits, `-`. */
  readonly writer: string;
}

export interface JournalRecord {
  readonly position: number;
  readonly entry: StopJournalEntry;
}

/** The stop journal: what must outlive the database. */
export interface Journal {
  /**
   * Appends entries, in order and without a gap. Appends that come while a write is under way share
   * the next one.
   *
   * @returns the position of the last of them, once they are on the disk; {@link highest} if there are none
   * @throws KyokaError `database_unavailable` if the disk refuses (then none of them counts),
   *   `conflict` if another process writes this file
   */
  append(entries: readonly StopJournalEntry[]): Promise<number>;
  /** What is on the disk now, from this position on. */
  read(fromPosition: number): AsyncIterable<JournalRecord>;
  /** The last position on the disk; 0 before the first. */
  highest(): number;
  close(): Promise<void>;
}

interface Waiting {
  readonly entries: readonly StopJournalEntry[];
  readonly resolve: (position: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Opens a writer's journal. A write that a crash cut is removed: nobody was told that it happened.
 * If it was a disk fault in lines that had been synced last, `highest()` is lower than the position
 * that the database knows, which its owner has to compare.
 *
 * @param from a position that is known to be on the disk, since {@link readJournal} has just read it:
 *   where the file holds it, lines before it are not looked at again
 * @throws KyokaError `chain_broken` if lines before the last write are damaged or missing
 */
export async function openJournal({
  dir,
  writer,
  from = 0,
}: JournalPlace & { readonly from?: number }): Promise<Journal> {
  const path = pathOf({ dir, writer });
  const file = await SyncedFile.open(path);
  let highest: number;
  try {
    const sound = await soundEnd(path, writer, from);
    if (sound.end < file.size) await file.truncate(sound.end);
    highest = sound.position;
  } catch (error) {
    await file.close();
    throw error;
  }

  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  async function writeWaiting(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const first = highest + 1;
      const lines = group
        .flatMap(({ entries }) => entries)
        .map((entry, index) =>
          writeJournalLine(writer, { position: first + index, group: first, entry }),
        );
      try {
        await file.append(lines.join(''));
      } catch (error) {
        for (const { reject } of group) reject(asRefusal(error));
        continue;
      }
      for (const { entries, resolve } of group) {
        highest += entries.length;
        resolve(highest);
      }
    }
    writing = undefined;
  }

  return {
    async append(entries) {
      if (entries.length === 0) return highest;
      return new Promise((resolve, reject) => {
        waiting.push({ entries, resolve, reject });
        writing ??= writeWaiting();
      });
    },
    read: (fromPosition) => records(path, writer, fromPosition, file.size),
    highest: () => highest,
    async close() {
      await writing;
      await file.close();
    },
  };
}

/** The writers that have a journal in this folder. */
export async function journalWriters(dir: string): Promise<string[]> {
  const files = await readdir(dir).catch(() => []);
  return files.flatMap((file) => /^([a-z0-9-]+)\.jsonl$/.exec(file)?.[1] ?? []).sort();
}

/**
 * What a writer's journal holds, without opening it for writing, for a start that applies all of them.
 * One pass, so damage shows only where it lies; what was given before it was on the disk.
 *
 * @throws KyokaError `chain_broken` as {@link openJournal}
 */
export async function* readJournal(place: JournalPlace): AsyncGenerator<JournalRecord> {
  for await (const { line } of soundLines(pathOf(place), place.writer, BEGINNING)) {
    yield { position: line.position, entry: line.entry };
  }
}

function pathOf({ dir, writer }: JournalPlace): string {
  if (!/^[a-z0-9-]{1,64}$/.test(writer)) {
    throw new KyokaError('bad_input', 'a journal writer is lower-case letters, digits and -');
  }
  return join(dir, `${writer}.jsonl`);
}

interface SoundEnd {
  /** Of the last sound line; 0 before the first. */
  readonly position: number;
  /** Offset of the byte after it. */
  readonly end: number;
}

const BEGINNING: SoundEnd = { position: 0, end: 0 };

/** Where the sound lines end. */
async function soundEnd(path: string, writer: string, from: number): Promise<SoundEnd> {
  let sound = await startAt(path, writer, from);
  for await (const { line, end } of soundLines(path, writer, sound)) {
    sound = { position: line.position, end };
  }
  return sound;
}

/** The line of a position that is known to be there, found from the end; the beginning if it is not. */
async function startAt(path: string, writer: string, from: number): Promise<SoundEnd> {
  if (from === 0) return BEGINNING;
  for await (const { text, end, whole } of linesBackwards(path)) {
    const line = whole ? readJournalLine(writer, text) : undefined;
    if (line?.position === from) return { position: from, end };
    if (line !== undefined && line.position < from) break;
  }
  return BEGINNING;
}

/** The sound lines after a place. What lies behind them is read on, since it may prove damage. */
async function* soundLines(
  path: string,
  writer: string,
  { position, end: start }: SoundEnd,
): AsyncGenerator<{ readonly line: JournalLine; readonly end: number }> {
  let next = position + 1;
  let torn = false;
  const { size } = await stat(path);
  for await (const { text, end, whole } of linesOf(path, size, start)) {
    const line = whole ? readJournalLine(writer, text) : undefined;
    // A later write starts only once the one before is on the disk, so a sound line of a later
    // write proves that what lacks before it was there. Within one write the disk keeps no order.
    if (line && (line.position < next || line.group > next)) throw damaged();
    if (!line || line.position !== next) torn = true;
    if (torn || !line) continue;
    next += 1;
    yield { line, end };
  }
}

async function* records(
  path: string,
  writer: string,
  fromPosition: number,
  size: number,
): AsyncGenerator<JournalRecord> {
  for await (const { text } of linesOf(path, size)) {
    const line = readJournalLine(writer, text);
    if (!line) throw damaged();
    if (line.position >= fromPosition) yield { position: line.position, entry: line.entry };
  }
}

function damaged(): KyokaError {
  return new KyokaError(
    'chain_broken',
    'the stop journal is damaged before its last write: restore the file from its copy',
  );
}

function asRefusal(error: unknown): KyokaError {
  if (error instanceof KyokaError) return error;
  return new KyokaError('database_unavailable', 'the stop journal could not be written', {
    cause: error,
  });
}
