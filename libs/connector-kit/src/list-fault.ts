import { KyokaError } from '@kyoka/kernel';
import type { ExchangeOutcome } from './transport.js';
import type { Rejected } from './outcome.js';

/** The error for a list that could neither be found nor made. */
export function listFault(
  network: string,
  found?: Exclude<ExchangeOutcome, { kind: 'reply' }> | Rejected,
): KyokaError {
  const refused =
    (found?.kind === 'rejected' && found.retry !== 'backoff') || found?.code === 'no_token';
  const code = refused ? 'network_refused' : 'network_unavailable';
  const why = found?.code ?? 'reply_unreadable';
  return new KyokaError(code, `the list at ${network} could not be found or made: ${why}`);
}
