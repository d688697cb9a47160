import { KyokaError } from '@kyoka/kernel';

const LOOPBACK = /^(127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * The address of a network and the account there, as one text that is the same for the same place.
 *
 * @throws KyokaError `config_invalid` for an address that isn't allowed
 */
export function destinationOf(baseUrl: string, account: string): string {
  return `${networkUrl(baseUrl).href.replace(/\/$/, '')}#${account}`;
}

/**
 * The address of a network as configured: https, or http to this machine only.
 *
 * @throws KyokaError `config_invalid`
 */
export function networkUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const allowed =
    url &&
    (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) &&
    url.username === '' &&
    url.password === '' &&
    url.search === '' &&
    url.hash === '';
  if (!allowed) {
    throw new KyokaError(
      'config_invalid',
      'a network address has to be https, or http to loopback, without credentials, query or fragment',
    );
  }
  return url;
}
