import type { FieldFault } from '@kyoka/kernel';

/** Where the HTTP interface listens, and who speaks TLS for it. */
export interface Listening {
  readonly host: string;
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly trustedProxies: readonly string[] | undefined;
}

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1)$/;

/**
 * What is wrong with how the HTTP interface is reached. Tokens and contact values cross it, so beyond
 * this machine it speaks TLS, or a proxy that is named here does.
 */
export function exposedListening({
  host,
  tlsCertFile,
  tlsKeyFile,
  trustedProxies,
}: Listening): FieldFault[] {
  if ((tlsCertFile === undefined) !== (tlsKeyFile === undefined)) {
    const field = tlsCertFile === undefined ? 'KYOKA_TLS_CERT_FILE' : 'KYOKA_TLS_KEY_FILE';
    return [{ field, expected: 'given together with the other file of TLS' }];
  }
  if (LOOPBACK.test(host) || tlsCertFile !== undefined || trustedProxies !== undefined) return [];
  return [
    {
      field: 'KYOKA_HOST',
      expected:
        'an address of this machine alone, unless KYOKA_TLS_CERT_FILE and KYOKA_TLS_KEY_FILE or KYOKA_TRUSTED_PROXIES are set',
    },
  ];
}
