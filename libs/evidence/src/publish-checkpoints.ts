import { randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '@kyoka/chain';
import { checkpointsAfter, isSignedBy } from './checkpoint-file.js';

/** Sends checkpoints, in order, and resolves once they are durable there. */
type SendCheckpoints = (checkpoints: readonly Checkpoint[]) => Promise<void>;

export interface PublishOptions {
  readonly dirs: readonly string[];
  readonly writer: string;
  readonly publicKey: KeyObject;
  readonly send: SendCheckpoints;
}

export interface CheckpointPublisher {
  /**
   * Sends everything up to checkpoint number `highest` that was not sent yet, the oldest first.
   *
   * @throws whatever the sending throws; the next call takes up where this one got to
   */
  publishUpTo(highest: number): Promise<void>;
}

const MOST_AT_ONCE = 500;

/**
 * Publishes what the files hold, so that neither a failed sending nor a restart leaves a gap: how far
 * it got stands beside the first file. Losing that sends everything again.
 */
export async function openPublishing(options: PublishOptions): Promise<CheckpointPublisher> {
  const { dirs, writer, publicKey, send } = options;
  const isSigned = isSignedBy(publicKey);
  const mark = join(dirs[0] ?? '', `checkpoints-${writer}.published`);
  let published = Number((await readFile(mark, 'utf8').catch(() => '')).trim()) || 0;

  async function sendPart(part: readonly Checkpoint[]): Promise<void> {
    const last = part.at(-1);
    if (last === undefined) return;
    await send(part);
    published = last.number;
    const draft = `${mark}.${randomBytes(4).toString('hex')}`;
    await writeFile(draft, `${published}\n`, { mode: 0o600 });
    await rename(draft, mark);
  }

  return {
    async publishUpTo(highest) {
      // A place that could not be written lacks what another one has.
      for (const dir of dirs) {
        if (published >= highest) return;
        let part: Checkpoint[] = [];
        for await (const checkpoint of checkpointsAfter(dir, writer, published)) {
          if (!isSigned(checkpoint)) continue;
          part.push(checkpoint);
          if (part.length < MOST_AT_ONCE) continue;
          await sendPart(part);
          part = [];
        }
        await sendPart(part);
      }
    },
  };
}
