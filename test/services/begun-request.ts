import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { eventually } from '@kyoka/testing';

export interface BegunRequest {
  /** The service has read the head and waits for the rest. */
  readonly taken: Promise<unknown>;
  /** Sends the rest. @returns the status of the answer */
  finish(): Promise<number | 'cut off'>;
}

/** A POST that a service can't answer yet, since only its first byte was sent. */
export function beginRequest(
  url: string,
  token: string,
  { body: json, mediaType = 'application/json' }: { body: unknown; mediaType?: string },
): BegunRequest {
  const body = Buffer.from(JSON.stringify(json));
  const begun = request(url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': mediaType,
      'content-length': body.length,
      // The service says so once it has read the head.
      expect: '100-continue',
    },
  });
  const answered = once(begun, 'response').then(
    ([answer]) => (answer as { statusCode: number }).statusCode,
    () => 'cut off' as const,
  );
  const taken = once(begun, 'continue');
  taken.then(
    () => begun.write(body.subarray(0, 1)),
    () => undefined,
  );
  begun.flushHeaders();
  return {
    taken,
    finish() {
      begun.end(body.subarray(1));
      return answered;
    },
  };
}

/** Waits until nobody listens there any more. */
export async function untilClosed(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const refused = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), hostname);
      socket.once('connect', () => {
        socket.destroy();
        resolve(false);
      });
      socket.once('error', () => resolve(true));
    });
  await eventually(`${url} takes no more`, refused, { everyMs: 10 });
}
