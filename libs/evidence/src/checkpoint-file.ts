import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointText, readCheckpoint } from '@kyoka/chain';
import type { Checkpoint, PlaceContent } from '@kyoka/chain';
import { linesOf } from './lines.js';
import { linesBackwards } from './lines-backwards.js';

/** One of the files that a writer appends to one after the other, each named by its first checkpoint. */
export interface CheckpointFile {
  readonly path: string;
  readonly writer: string;
  /** Number of its first checkpoint; 0 where its name tells none, as that of a writer's first file. */
  readonly first: number;
}

/** @param first number of the first checkpoint in it; 0 for a writer's first file */
export function checkpointPath(dir: string, writer: string, first: number): string {
  const number = first === 0 ? '' : `.${String(first).padStart(12, '0')}`;
  return join(dir, `checkpoints-${writer}${number}.jsonl`);
}

/** The files of a folder, those of a writer in the order of their checkpoints; none if there is no folder. */
export async function checkpointFiles(dir: string): Promise<CheckpointFile[]> {
  const names = await readdir(dir).catch(() => []);
  return names
    .flatMap((name) => {
      const [, writer, first = 0] = /^checkpoints-(.+?)(?:\.(\d{12}))?\.jsonl$/.exec(name) ?? [];
      return writer === undefined ? [] : [{ path: join(dir, name), writer, first: Number(first) }];
    })
    .sort((a, b) => (a.writer === b.writer ? a.first - b.first : a.writer < b.writer ? -1 : 1));
}

export function isSignedBy(publicKey: KeyObject): (checkpoint: Checkpoint) => boolean {
  return (checkpoint) =>
    verify(
      null,
      Buffer.from(checkpointText(checkpoint)),
      publicKey,
      Buffer.from(checkpoint.signature, 'base64url'),
    );
}

/**
 * What a checkpoint folder holds now, every writer's files, to be read later; nothing if there is no
 * folder. What is appended meanwhile is left out, and so is a last line that was cut.
 */
export async function placeAsItIs(dir: string): Promise<PlaceContent> {
  const files = await checkpointFiles(dir);
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size));
  return (async function* () {
    for (const [index, { path }] of files.entries()) yield* checkpointsIn(path, sizes[index]);
  })();
}

/** A writer's last checkpoint in a folder for which `isSound` holds, read from the end. */
export async function lastCheckpoint(
  dir: string,
  writer: string,
  isSound: (checkpoint: Checkpoint) => boolean,
): Promise<Checkpoint | undefined> {
  const own = (await checkpointFiles(dir)).filter((file) => file.writer === writer);
  for (const { path } of own.reverse()) {
    for await (const { text, whole } of linesBackwards(path)) {
      const checkpoint = whole ? parse(text) : undefined;
      if (checkpoint?.writer === writer && isSound(checkpoint)) return checkpoint;
    }
  }
  return undefined;
}

/** A writer's checkpoints in a folder with a number above `after`, in their order. */
export async function* checkpointsAfter(
  dir: string,
  writer: string,
  after: number,
): AsyncGenerator<Checkpoint> {
  const files = (await checkpointFiles(dir)).filter((file) => file.writer === writer);
  for (const [index, { path }] of files.entries()) {
    const next = files[index + 1];
    if (next !== undefined && next.first <= after + 1) continue;
    const recent = next === undefined ? await recentAfter(path, writer, after) : undefined;
    if (recent !== undefined) return yield* recent;
    for await (const checkpoint of checkpointsIn(path)) {
      if (checkpoint?.writer === writer && checkpoint.number > after) yield checkpoint;
    }
  }
}

const FEW = 100;

/** The same from the end of a file, where that holds but a few of them; `undefined` where it doesn't. */
async function recentAfter(
  path: string,
  writer: string,
  after: number,
): Promise<Checkpoint[] | undefined> {
  const found: Checkpoint[] = [];
  for await (const { text, whole } of linesBackwards(path)) {
    const checkpoint = whole ? parse(text) : undefined;
    if (checkpoint?.writer !== writer) continue;
    if (checkpoint.number <= after) return found.reverse();
    if (found.push(checkpoint) > FEW) return undefined;
  }
  return undefined;
}

async function* checkpointsIn(path: string, upTo?: number): AsyncGenerator<Checkpoint | undefined> {
  for await (const { text, whole } of linesOf(path, upTo)) {
    if (whole) yield parse(text);
  }
}

function parse(text: string): Checkpoint | undefined {
  try {
    return readCheckpoint(JSON.parse(text));
  } catch {
    return undefined;
  }
}
