import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Repeats a step while there is work, and looks again when it is woken or has been idle for a while.
 * A step that fails is reported and tried again after the idle time.
 */
export class Loop {
  readonly #stopped = new AbortController();
  #rest = new AbortController();
  #woken = false;
  #running: Promise<void> | undefined;

  constructor(
    private readonly step: () => Promise<boolean>,
    private readonly idleMs: number,
    private readonly onFault: (fault: unknown) => void,
  ) {}

  start(): void {
    this.#running ??= this.#run();
  }

  wake(): void {
    this.#woken = true;
    this.#rest.abort();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#rest.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopped.signal.aborted) {
      this.#woken = false;
      if ((await this.#work()) || this.#woken || this.#stopped.signal.aborted) continue;
      this.#rest = new AbortController();
      await sleep(this.idleMs, undefined, { signal: this.#rest.signal }).catch(() => undefined);
    }
  }

  async #work(): Promise<boolean> {
    try {
      return await this.step();
    } catch (fault) {
      this.onFault(fault);
      return false;
    }
  }
}
