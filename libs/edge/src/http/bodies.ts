import { KyokaError } from '@kyoka/kernel';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';

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

const FORM_LIMIT = 64 * KB;

/** No contract nests deeper than a segment does; deeper JSON is an attack on whatever walks it. */
const DEPTH_LIMIT = 64;
const TOO_DEEP = `at most ${DEPTH_LIMIT} levels of nesting`;

const EVENTS_PATH = '/v1/events';

/** Stands in a batch of events for one that was not read, so that the others are. */
export class UnreadEvent {
  readonly expected = TOO_DEEP;
}

/**
 * Reads JSON bodies by their media type, and the forms of pages (as `URLSearchParams`), and nothing else. A batch of events is judged event by event:
 * one that is nested too deep becomes an {@link UnreadEvent}.
 *
 * @param maxBodyBytes an upper limit for all of them (`KYOKA_MAX_BODY_BYTES`)
 */
export function readBodies(server: FastifyInstance, maxBodyBytes: number): void {
  server.removeAllContentTypeParsers();
  for (const [mediaType, limit] of Object.entries(LIMITS)) {
    server.addContentTypeParser(
      mediaType,
      { parseAs: 'buffer', bodyLimit: Math.min(limit, maxBodyBytes) },
      (request, body, done) => {
        try {
          const value = parseJson(body as Buffer);
          done(null, isOfEvents(request) ? readEvents(value) : readRequest(value));
        } catch (fault) {
          done(fault as Error);
        }
      },
    );
  }
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: Math.min(FORM_LIMIT, maxBodyBytes) },
    (request, body, done) => {
      if (isOfApi(request))
        done(new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(request.headers['content-type']));
      else done(null, new URLSearchParams(body as string));
    },
  );
  readMultipart(server, Math.min(FORM_LIMIT, maxBodyBytes));
}

/**
 * A form as the mail program of a reader may send it, too (RFC 8058 leaves it the choice of encoding).
 * Files in it are left out.
 */
function readMultipart(server: FastifyInstance, limit: number): void {
  server.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: limit },
    async (request: FastifyRequest, body: Buffer) => {
      const type = request.headers['content-type'] ?? '';
      if (isOfApi(request)) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE(type);
      const fields = await new Response(new Uint8Array(body), { headers: { 'content-type': type } })
        .formData()
        .catch(() => {
          throw unreadable('a form as multipart/form-data');
        });
      return new URLSearchParams(
        [...fields].filter((field): field is [string, string] => typeof field[1] === 'string'),
      );
    },
  );
}

/** A page's form never becomes a call of the API: a browser sends one from anywhere. */
const isOfApi = ({ routeOptions }: FastifyRequest): boolean =>
  routeOptions.url?.startsWith('/v1') ?? true;

const isOfEvents = ({ routeOptions }: FastifyRequest): boolean => routeOptions.url === EVENTS_PATH;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @returns `undefined` for no body at all, whatever media type was named for it */
function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(utf8.decode(body));
  } catch {
    throw unreadable('a JSON document in UTF-8');
  }
}

/**
 * One event or several. A member named `__proto__` is taken as it is from a topic, as one that no
 * contract knows: to refuse it would lose a stop that has it.
 */
function readEvents(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((event) => (isTooDeep(event) ? new UnreadEvent() : event));
  }
  if (isTooDeep(value)) throw unreadable(TOO_DEEP);
  return value;
}

function readRequest(value: unknown): unknown {
  if (isTooDeep(value, refusePrototype)) throw unreadable(TOO_DEEP);
  return value;
}

function refusePrototype(value: object): void {
  if (Object.hasOwn(value, '__proto__')) throw unreadable('no member named __proto__');
}

/** Walks without recursion, so that depth can't exhaust the stack before it is seen. */
function isTooDeep(root: unknown, see: (value: object) => void = () => undefined): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEPTH_LIMIT) return true;
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      see(value);
      for (const inner of Object.values(value)) {
        if (typeof inner === 'object' && inner !== null) next.push(inner);
      }
    }
    level = next;
  }
  return false;
}

function unreadable(expected: string): KyokaError {
  return new KyokaError('bad_input', 'The body could not be read', {
    faults: [{ field: 'body', expected }],
  });
}
