import { verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkpointText, readCheckpoint } from '@kyoka/chain';
import type { Checkpoint, PlaceContent } from '@kyoka/chain';
import { linesOf } from './lines.js';

export function checkpointPath(dir: string, writer: string): string {
  return join(dir, `checkpoints-${writer}.jsonl`);
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

/** What a checkpoint folder holds, every writer's file; nothing if there is no folder. A last line that was cut is left out. */
export async function readPlace(dir: string): Promise<PlaceContent> {
  const files = await readdir(dir).catch(() => []);
  const lines: (Checkpoint | undefined)[] = [];
  for (const file of files.filter((name) => /^checkpoints-.+\.jsonl$/.test(name)).sort()) {
    for await (const { text, whole } of linesOf(join(dir, file))) {
      if (whole) lines.push(parse(text));
    }
  }
  return lines;
}

function parse(text: string): Checkpoint | undefined {
  try {
    return readCheckpoint(JSON.parse(text));
  } catch {
    return undefined;
  }
}
