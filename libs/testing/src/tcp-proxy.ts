import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface TcpProxy {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Refuses new connections and cuts those that are open, until `mend`. */
  cut(): void;
  mend(): void;
  /** Holds every byte, both ways, for this long from now on; 0 ends it. */
  delay(ms: number): void;
  /** Cuts the connection that first lets more than `bytes` through to the server from now on. */
  cutAfterBytes(bytes: number): void;
  /**
   * Cuts the connection on which `text` next goes to the server: the server gets it, the client gets
   * no answer. With `COMMIT\0` that is the outcome nobody knows (`\0` ends a statement, and READ
   * COMMITTED holds the word as well).
   */
  cutAfterSending(text: string): void;
  /** How many connections were cut. */
  readonly cuts: number;
  close(): Promise<void>;
}

/** A proxy on loopback that can hurt the connections through it. */
export async function startProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const open = new Set<() => void>();
  let [isCut, delayMs, cuts] = [false, 0, 0];
  let bytesLeft = Number.POSITIVE_INFINITY;
  let trigger: string | undefined;

  const isLast = (data: Buffer): boolean => {
    bytesLeft -= data.length;
    if (bytesLeft >= 0 && (trigger === undefined || !data.includes(trigger))) return false;
    bytesLeft = Number.POSITIVE_INFINITY;
    trigger = undefined;
    return true;
  };

  const server = createServer((client) => {
    if (isCut) {
      client.destroy();
      return;
    }
    const upstream = connect(target);
    let answering = true;
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(end);
    };
    open.add(end);
    forward(client, (data) => {
      if (answering && isLast(data)) {
        answering = false;
        cuts += 1;
        client.destroy();
        upstream.end(data);
      } else upstream.write(data);
    });
    forward(upstream, (data) => {
      if (answering) client.write(data);
    });
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true).on('error', end).on('close', end);
    }
  });

  function forward(from: Socket, deliver: (data: Buffer) => void): void {
    from.on('data', (data: Buffer) => {
      if (delayMs === 0) deliver(data);
      else setTimeout(deliver, delayMs, data).unref();
    });
  }

  function cutOpen(): void {
    cuts += open.size;
    for (const end of open) end();
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true;
      cutOpen();
    },
    mend: () => {
      isCut = false;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    cutAfterBytes: (bytes) => {
      bytesLeft = bytes;
    },
    cutAfterSending: (text) => {
      trigger = text;
    },
    get cuts() {
      return cuts;
    },
    close: async () => {
      cutOpen();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
