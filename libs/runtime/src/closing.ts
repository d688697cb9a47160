import { setTimeout as sleep } from 'node:timers/promises';

type Close = () => Promise<unknown>;

/** Of the time that is left, what one part may take at most: those that come after it need some. */
const SHARE = 0.8;

/** What a start has opened, closed in the opposite order, all of it within one time. */
export class Closing {
  readonly #opened: { readonly name: string; readonly close: Close }[] = [];
  #closed: Promise<string[]> | undefined;

  /**
   * Keeps how to close something that has just been opened. Where the end has begun already, which a start
   * that is cut short may not know, it is closed at once.
   */
  add(name: string, close: Close): void {
    if (this.#closed === undefined) this.#opened.push({ name, close });
    else void succeeds(close);
  }

  /**
   * Closes everything, the last opened first. Something that fails or is late doesn't keep the rest, which
   * is closed as well, however late it is.
   *
   * @param withinMs for all of it together
   * @returns names of what did not close
   */
  close(withinMs: number): Promise<string[]> {
    this.#closed ??= this.#closeAll(performance.now() + withinMs);
    return this.#closed;
  }

  async #closeAll(until: number): Promise<string[]> {
    const failed: string[] = [];
    for (let last = this.#opened.pop(); last !== undefined; last = this.#opened.pop()) {
      const left = Math.max(0, until - performance.now());
      const late = sleep(left * SHARE, false, { ref: false });
      if (!(await Promise.race([succeeds(last.close), late]))) failed.push(last.name);
    }
    return failed;
  }
}

async function succeeds(close: Close): Promise<boolean> {
  try {
    await close();
    return true;
  } catch {
    return false;
  }
}
