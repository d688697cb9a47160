import { mkdir, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KyokaError } from '@kyoka/kernel';

/** A file that only grows, where what was appended is on the disk before `append` ends. One writer. */
export class SyncedFile {
  readonly #handle: FileHandle;
  #size: number;
  #failed = false;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  /** Opens the file (mode 0600) and makes its folder (0700) where they are missing. */
  static async open(path: string): Promise<SyncedFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const handle = await open(path, 'a', 0o600);
    const folder = await open(dirname(path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    return new SyncedFile(handle, (await handle.stat()).size);
  }

  get size(): number {
    return this.#size;
  }

  /**
   * @throws KyokaError `conflict` if another process wrote to the file
   * @throws the fault of the file system; nothing of `text` counts then, and a later append may succeed
   */
  async append(text: string): Promise<void> {
    const { size } = await this.#handle.stat();
    if (size < this.#size || (size > this.#size && !this.#failed)) {
      throw new KyokaError('conflict', 'another process writes to a file that has one writer');
    }
    // What a failed append left must not stand before the next line.
    if (size > this.#size) await this.#handle.truncate(this.#size);
    this.#failed = true;
    const bytes = Buffer.from(text);
    await this.#handle.appendFile(bytes);
    await this.#handle.datasync();
    this.#failed = false;
    this.#size += bytes.length;
  }

  async truncate(size: number): Promise<void> {
    await this.#handle.truncate(size);
    await this.#handle.datasync();
    this.#size = size;
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
