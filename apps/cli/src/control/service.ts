import { readSettings } from '@kyoka/config';
import { problem } from '@kyoka/contracts';
import { KyokaError, SECOND } from '@kyoka/kernel';
import { type Surroundings, UsageError } from '../lines/surroundings.js';

/** A running service, as the owner of a token sees it. */
export interface Service {
  /**
   * @returns the body of the answer
   * @throws KyokaError with the code and the faults of the service's refusal; `network_unavailable`
   *   if nobody answers
   */
  call<T>(method: 'GET' | 'POST', path: string, ask?: Ask): Promise<T>;
}

interface Ask {
  readonly body?: unknown;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const PATIENCE_MS = 90 * SECOND;

/**
 * The service at `to`, else at `KYOKA_URL`, with the token of `KYOKA_TOKEN` or `KYOKA_TOKEN_FILE`.
 *
 * @throws UsageError without a token; KyokaError `config_invalid` for an address that isn't https, or
 *   http on this machine: a token would cross the network in the clear
 */
export function openService({ env }: Surroundings, to: string | undefined): Service {
  const { serviceUrl, token } = readSettings(
    { ...env, ...(to !== undefined && { KYOKA_URL: to }) },
    { role: 'cli' },
  );
  if (token === undefined) {
    throw new UsageError('KYOKA_TOKEN or KYOKA_TOKEN_FILE must hold your token');
  }
  return {
    async call<T>(method: 'GET' | 'POST', path: string, ask: Ask = {}) {
      const { body, mediaType = 'application/json', headers } = ask;
      const answer = await fetch(new URL(path, serviceUrl), {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { 'content-type': mediaType }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(PATIENCE_MS),
      }).catch((cause: unknown) => {
        throw new KyokaError('network_unavailable', 'the service does not answer', { cause });
      });
      const document: unknown = await answer.json().catch(() => undefined);
      if (answer.ok && document !== undefined) return document as T;
      throw faultOf(document, answer.status);
    },
  };
}

function faultOf(document: unknown, status: number): KyokaError {
  const told = problem.safeParse(document);
  if (!told.success) {
    return new KyokaError('internal', `an answer that is not the service's, of status ${status}`);
  }
  const { code, title, faults = [] } = told.data;
  return new KyokaError(code, title, { faults });
}
