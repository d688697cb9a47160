import { problem } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';

export interface ConnectionOptions {
  /** Where the service is: https, or http on this machine, since the token is sent there. */
  readonly url: string;
  readonly token: string;
  /** How long one request may take. */
  readonly timeoutMs: number;
  /** In place of the global `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

export interface Ask {
  readonly body?: unknown;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A running service, as the owner of a token sees it. */
export interface Connection {
  /**
   * Asks once.
   *
   * @returns the body of the answer
   * @throws ServiceFault with the code and the faults of the service's refusal; `network_unavailable`
   *   if nobody answers in time: what was asked may have been done
   */
  call<T>(method: 'GET' | 'POST', path: string, ask?: Ask): Promise<T>;
}

/** A fault of a request. It never repeats what was asked or answered. */
export class ServiceFault extends KyokaError {
  /** Whether the service itself answered so; otherwise it may or may not have done what was asked. */
  readonly answered: boolean;
  /** How long the service asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(
    fault: Pick<KyokaError, 'code' | 'message' | 'faults'> & { readonly cause?: unknown },
    { answered, retryAfterMs }: { readonly answered: boolean; readonly retryAfterMs?: number },
  ) {
    super(fault.code, fault.message, { faults: fault.faults, cause: fault.cause });
    this.name = 'ServiceFault';
    this.answered = answered;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * @throws KyokaError `config_invalid` for an address to which the token would go in the clear
 */
export function connect({ url, token, timeoutMs, fetch: own }: ConnectionOptions): Connection {
  const base = addressOf(url);
  const send = own ?? fetch;
  return {
    async call<T>(method: 'GET' | 'POST', path: string, ask: Ask = {}) {
      const { body, mediaType = 'application/json', headers } = ask;
      const answer = await send(new URL(path, base), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': mediaType }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => unanswered(base, cause));
      const document: unknown = await answer.json().catch(() => undefined);
      if (answer.ok && document !== undefined) return document as T;
      throw refusalOf(document, answer);
    },
  };
}

/** What a proxy says while nothing behind it answers (RFC 9110, 15.6.3 to 15.6.5). */
const NOBODY_BEHIND = new Set([502, 503, 504]);
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

function addressOf(url: string): URL {
  const address = URL.parse(url);
  const safe =
    address?.protocol === 'https:' ||
    (address?.protocol === 'http:' && LOOPBACK.has(address.hostname));
  if (address !== null && safe) return address;
  throw new KyokaError('config_invalid', 'the token would cross the network in the clear', {
    faults: [{ field: 'url', expected: 'an https address, or http on this machine' }],
  });
}

function unanswered({ origin }: URL, cause: unknown): never {
  const message = `the service does not answer at ${origin}`;
  throw new ServiceFault(
    { code: 'network_unavailable', message, faults: [], cause },
    { answered: false },
  );
}

function refusalOf(document: unknown, { status, headers }: Response): ServiceFault {
  const told = problem.safeParse(document);
  if (!told.success) {
    const message = `an answer that is not the service's, of status ${status}`;
    // One that was cut is of a good status, and not whole.
    const passing = NOBODY_BEHIND.has(status) || (status >= 200 && status < 300);
    const code = passing ? 'network_unavailable' : 'internal';
    return new ServiceFault({ code, message, faults: [] }, { answered: false });
  }
  const { code, title: message, faults = [] } = told.data;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return new ServiceFault(
    { code, message, faults },
    { answered: true, ...(seconds >= 0 && { retryAfterMs: 1000 * seconds }) },
  );
}
