import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';

export interface ListenOptions {
  readonly url: string;
  /** Name of the channel: lower-case letters, digits and underscores. */
  readonly channel: string;
  readonly applicationName: string;
  /** Called at every notification, and at every (re)connection since some may have been missed. Must not throw. */
  readonly onWake: () => void;
}

export interface Listener {
  stop(): Promise<void>;
}

const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 5_000;

/**
 * Listens on a channel until stopped, over a connection of its own, and reconnects by itself. A wake-up
 * is a hint that something may be there, never the thing itself: the payload is ignored, and a reader
 * must still look now and then, since a notification can be lost while the connection is down.
 */
export function listen({ url, channel, applicationName, onWake }: ListenOptions): Listener {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(channel))
    throw new RangeError('a channel is named by a plain identifier');
  const stopped = new AbortController();
  const running = keepListening();
  return {
    stop: async () => {
      stopped.abort();
      await running;
    },
  };

  async function keepListening(): Promise<void> {
    for (let failures = 0; !stopped.signal.aborted;) {
      if (await connectAndWait()) failures = 0;
      else failures += 1;
      await sleep(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), undefined, {
        signal: stopped.signal,
      }).catch(() => undefined);
    }
  }

  /** Holds one connection until it is lost or the listener stops; tells whether it ever listened. */
  async function connectAndWait(): Promise<boolean> {
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      keepAlive: true,
    });
    const lost = new Promise<void>((resolve) => {
      client.once('error', () => resolve());
      client.once('end', () => resolve());
      stopped.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    // The first fault resolves `lost`; later ones of the same connection have nothing to add.
    client.on('error', () => undefined);
    client.on('notification', () => onWake());
    try {
      await client.connect();
      await client.query(`LISTEN ${channel}`);
      onWake();
      await lost;
      return true;
    } catch {
      return false;
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}
