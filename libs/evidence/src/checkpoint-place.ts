import type { Checkpoint } from '@kyoka/chain';
import { checkpointFiles, checkpointPath } from './checkpoint-file.js';
import { linesBackwards } from './lines-backwards.js';
import { SyncedFile } from './synced-file.js';

const FULL_BYTES = 16 * 1024 * 1024;

/** One folder that a writer's checkpoints go to, and what of them it still lacks. */
export class CheckpointPlace {
  readonly #dir: string;
  readonly #writer: string;
  readonly #fullBytes: number;
  #file: SyncedFile;
  #lacking: Checkpoint[];

  private constructor(
    { dir, writer, fullBytes = FULL_BYTES }: PlaceOptions,
    file: SyncedFile,
    lacking: Checkpoint[],
  ) {
    this.#dir = dir;
    this.#writer = writer;
    this.#fullBytes = fullBytes;
    this.#file = file;
    this.#lacking = lacking;
  }

  /** Opens the folder's last file and removes a line that was cut. */
  static async open(
    options: PlaceOptions,
    lacking: readonly Checkpoint[],
  ): Promise<CheckpointPlace> {
    return new CheckpointPlace(options, await openFile(options), [...lacking]);
  }

  /**
   * Appends a checkpoint, after those that the place lacks, and syncs it.
   *
   * @throws the fault of the file system; the place lacks this one too then
   */
  async append(checkpoint: Checkpoint): Promise<void> {
    this.#lacking.push(checkpoint);
    if (this.#file.size >= this.#fullBytes) await this.#next();
    await this.#file.append(this.#lacking.map(lineOf).join(''));
    this.#lacking = [];
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #next(): Promise<void> {
    const [first] = this.#lacking;
    const path = checkpointPath(this.#dir, this.#writer, first?.number ?? 0);
    const full = this.#file;
    this.#file = await SyncedFile.open(path);
    await full.close();
  }
}

interface PlaceOptions {
  readonly dir: string;
  readonly writer: string;
  /** Size from which on a file is full, in bytes; 16 MiB by default. */
  readonly fullBytes?: number | undefined;
}

async function openFile({ dir, writer }: PlaceOptions): Promise<SyncedFile> {
  const own = (await checkpointFiles(dir)).filter((file) => file.writer === writer);
  const path = own.at(-1)?.path ?? checkpointPath(dir, writer, 0);
  const file = await SyncedFile.open(path);
  let sound = 0;
  for await (const { end, whole } of linesBackwards(path)) {
    if (!whole) continue;
    sound = end;
    break;
  }
  if (sound < file.size) await file.truncate(sound);
  return file;
}

function lineOf(checkpoint: Checkpoint): string {
  return `${JSON.stringify(checkpoint)}\n`;
}
