import type { Vault } from '@kyoka/vault';

/** What the database keeps of a link's token. */
export const linkDigest = (vault: Pick<Vault, 'mac'>, token: string): Buffer =>
  vault.mac('page link', token);
