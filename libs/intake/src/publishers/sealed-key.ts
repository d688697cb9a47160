import type { Vault } from '@kyoka/vault';
import type { PublisherGrant } from '../tables/publisher-table.js';

type Bound = Pick<PublisherGrant, 'sources' | 'types' | 'validUntil'> & { readonly id: string };

/**
 * What a stored key is sealed for: whoever edits the sources, types or end of its publisher in the
 * database, or gives the key to another one, makes it unreadable.
 */
const bindOf = (kid: string, { id, sources, types, validUntil }: Bound): string[] => [
  'publisher key',
  kid,
  id,
  String(validUntil),
  sources.join('\n'),
  types.join('\n'),
];

/** @param key 32 bytes */
export const sealKey = (
  vault: Pick<Vault, 'sealSecret'>,
  key: Buffer,
  kid: string,
  publisher: Bound,
): Buffer => vault.sealSecret(key, bindOf(kid, publisher));

/** @throws KyokaError `seal_broken` */
export const openKey = (
  vault: Pick<Vault, 'openSecret'>,
  sealed: Buffer,
  kid: string,
  publisher: Bound,
): Buffer => vault.openSecret(sealed, bindOf(kid, publisher));
