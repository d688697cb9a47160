import { connect, type Connection } from '@kyoka/client';
import { readSettings } from '@kyoka/config';
import { SECOND } from '@kyoka/kernel';
import { type Surroundings, UsageError } from '../lines/surroundings.js';

/** A running service, as the owner of a token sees it. A person asks once, and sees what comes. */
export type Service = Connection;

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
  return connect({ url: serviceUrl, token, timeoutMs: PATIENCE_MS });
}
