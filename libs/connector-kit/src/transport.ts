import type { Clock, Instant } from '@kyoka/kernel';
import { Agent, errors, request, type Dispatcher } from 'undici';
import { guardedBody, type GuardedBody } from './guarded-body.js';
import { networkUrl } from './network-url.js';
import { unknown, type Unknown, type UnknownCode } from './outcome.js';
import { retryAfterMs } from './retry-after.js';

export interface TransportSettings {
  /** https, or http to loopback; a path in it is kept as a prefix. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** To make a connection, and then to get a whole reply. */
  readonly connectTimeoutMs?: number;
  readonly replyTimeoutMs?: number;
  /** Media types the network sends JSON as. */
  readonly mediaTypes?: readonly string[];
}

export interface Exchange {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path and query, beginning with `/`. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Without one, the body may be written at any time. */
  readonly deadline?: Instant;
  readonly signal?: AbortSignal | undefined;
}

export type ExchangeOutcome =
  | {
      readonly kind: 'reply';
      readonly status: number;
      /** Untrusted: keep only fields of declared type and length. */
      readonly body: unknown;
      readonly header: (name: string) => string | undefined;
      readonly retryAfterMs: number | undefined;
    }
  | {
      readonly kind: 'unsent';
      readonly code: 'deadline_passed' | 'aborted' | 'unreachable' | 'no_token';
    }
  | Unknown;

export interface Transport {
  exchange(exchange: Exchange): Promise<ExchangeOutcome>;
  close(): Promise<void>;
}

const MAX_REPLY_BYTES = 256 * 1024;

const ERROR_CODES: readonly (readonly [abstract new (...args: never[]) => Error, UnknownCode])[] = [
  [errors.ResponseExceededMaxSizeError, 'reply_too_large'],
  [errors.HeadersOverflowError, 'reply_too_large'],
  [errors.HTTPParserError, 'reply_unreadable'],
  [errors.HeadersTimeoutError, 'timeout'],
  [errors.BodyTimeoutError, 'timeout'],
];

/**
 * One HTTP request, once: no redirect is followed, nothing is repeated, at most 256 kB of a reply
 * are read. Every connection is new, since a kept one that the network closes meanwhile can't be
 * told from a request that was taken.
 *
 * @throws KyokaError `config_invalid` for an address that isn't allowed
 */
export function createTransport(settings: TransportSettings): Transport {
  const base = networkUrl(settings.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const { connectTimeoutMs = 10_000, replyTimeoutMs = 60_000 } = settings;
  const agent = new Agent({
    pipelining: 0,
    allowH2: false,
    connect: { timeout: connectTimeoutMs },
    headersTimeout: replyTimeoutMs,
    bodyTimeout: replyTimeoutMs,
    maxHeaderSize: 16 * 1024,
    maxResponseSize: MAX_REPLY_BYTES,
  });

  async function exchange(wanted: Exchange): Promise<ExchangeOutcome> {
    const timeout = AbortSignal.timeout(connectTimeoutMs + replyTimeoutMs);
    const signal = wanted.signal ? AbortSignal.any([wanted.signal, timeout]) : timeout;
    const body =
      wanted.body === undefined
        ? undefined
        : guardedBody(JSON.stringify(wanted.body), {
            clock: settings.clock,
            deadline: wanted.deadline ?? Infinity,
            signal: wanted.signal,
          });
    try {
      const reply = await request(`${base.origin}${prefix}${wanted.path}`, {
        dispatcher: agent,
        method: wanted.method,
        signal,
        headers: {
          ...wanted.headers,
          accept: 'application/json',
          'accept-encoding': 'identity',
          ...(body && {
            'content-type': 'application/json',
            'content-length': String(body.bytes),
          }),
        },
        ...(body && { body: body.stream }),
      });
      return await readReply(reply);
    } catch (error) {
      return fault(error, { body, aborted: wanted.signal?.aborted ?? false, timeout });
    }
  }

  async function readReply(reply: Dispatcher.ResponseData): Promise<ExchangeOutcome> {
    const header = (name: string) => {
      const value = reply.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    const wait = retryAfterMs(header('retry-after'), settings.clock());
    const text = await reply.body.text();
    if (reply.statusCode >= 500) return unknown('server_error', wait);
    if (reply.statusCode >= 300 && reply.statusCode < 400) return unknown('redirect');
    const mediaType = header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    if (!(settings.mediaTypes ?? ['application/json']).includes(mediaType)) {
      return unknown('reply_unreadable', wait);
    }
    try {
      const body: unknown = JSON.parse(text);
      return { kind: 'reply', status: reply.statusCode, body, header, retryAfterMs: wait };
    } catch {
      return unknown('reply_unreadable', wait);
    }
  }

  return { exchange, close: () => agent.destroy() };
}

/** The error itself is dropped: its message can quote the request. */
function fault(
  error: unknown,
  at: { body: GuardedBody | undefined; aborted: boolean; timeout: AbortSignal },
): ExchangeOutcome {
  if (at.body && !at.body.started()) {
    const code = at.body.stopped() ?? (at.aborted ? 'aborted' : 'unreachable');
    return { kind: 'unsent', code };
  }
  if (at.body?.stopped() || at.aborted) return unknown('cut_by_us');
  if (at.timeout.aborted) return unknown('timeout');
  const known = ERROR_CODES.find(([type]) => error instanceof type);
  return unknown(known?.[1] ?? 'cut');
}
