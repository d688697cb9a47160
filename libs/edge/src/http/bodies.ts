import { KyokaError } from '@kyoka/kernel';
import type { FastifyInstance } from 'fastify';

const KB = 1024;

/**
 * The media types that are read, and the most bytes of each. A single event or request is small; a
 * body above the limit is refused while it is read, so it never lies in memory as a whole.
 */
const LIMITS = {
  'application/json': 2048 * KB,
  'application/cloudevents+json': 256 * KB,
  'application/cloudevents-batch+json': 8192 * KB,
} as const;

/** No contract nests deeper than a segment does; deeper JSON is an attack on whatever walks it. */
const DEPTH_LIMIT = 64;

/**
 * Reads JSON bodies by their media type, and nothing else.
 *
 * @param maxBodyBytes an upper limit for all of them (`KYOKA_MAX_BODY_BYTES`)
 */
export function readBodies(server: FastifyInstance, maxBodyBytes: number): void {
  server.removeAllContentTypeParsers();
  for (const [mediaType, limit] of Object.entries(LIMITS)) {
    server.addContentTypeParser(
      mediaType,
      { parseAs: 'buffer', bodyLimit: Math.min(limit, maxBodyBytes) },
      (_request, body, done) => {
        try {
          done(null, parseJson(body as Buffer));
        } catch (fault) {
          done(fault as Error);
        }
      },
    );
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @returns `undefined` for no body at all, whatever media type was named for it */
function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw unreadable('a JSON document in UTF-8');
  }
  checkShape(value);
  return value;
}

/** Walks without recursion, so that depth can't exhaust the stack before it is seen. */
function checkShape(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH_LIMIT) throw unreadable(`at most ${DEPTH_LIMIT} levels of nesting`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (Object.hasOwn(value, '__proto__')) throw unreadable('no member named __proto__');
      for (const inner of Object.values(value)) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
}

function unreadable(expected: string): KyokaError {
  return new KyokaError('bad_input', 'The body could not be read', {
    faults: [{ field: 'body', expected }],
  });
}
