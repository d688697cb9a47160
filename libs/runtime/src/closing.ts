import { setTimeout as sleep } from 'node:timers/promises';

/** What a start has opened, closed in the opposite order, each within its time. */
export class Closing {
  readonly #opened: { readonly name: string; readonly close: () => Promise<unknown> }[] = [];
  #closed: Promise<string[]> | undefined;

  /** Keeps how to close something that has just been opened. */
  add(name: string, close: () => Promise<unknown>): void {
    this.#opened.push({ name, close });
  }

  /**
   * Closes everything, the last opened first. Something that fails or is late doesn't keep the rest.
   *
   * @returns names of what did not close
   */
  close(eachMs: number): Promise<string[]> {
    this.#closed ??= this.#closeAll(eachMs);
    return this.#closed;
  }

  async #closeAll(eachMs: number): Promise<string[]> {
    const failed: string[] = [];
    for (let last = this.#opened.pop(); last !== undefined; last = this.#opened.pop()) {
      const { name, close } = last;
      const inTime = await Promise.race([
        close().then(
          () => true,
          () => false,
        ),
        sleep(eachMs, false, { ref: false }),
      ]);
      if (!inTime) failed.push(name);
    }
    return failed;
  }
}
