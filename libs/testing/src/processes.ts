import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A TCP port of the loopback address that was free a moment ago; another process may take it first. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/**
 * Repeats `attempt` every `everyMs` until it neither throws nor returns `false`.
 *
 * @throws Error with `what` when that doesn't happen within `withinMs`
 */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T> | T,
  { withinMs = 20_000, everyMs = 50 } = {},
): Promise<T> {
  const giveUp = Date.now() + withinMs;
  let cause: unknown;
  for (;;) {
    try {
      const result = await attempt();
      if (result !== false) return result;
    } catch (error) {
      cause = error;
    }
    if (Date.now() > giveUp) throw new Error(`not within ${withinMs} ms: ${what}`, { cause });
    await sleep(everyMs);
  }
}
