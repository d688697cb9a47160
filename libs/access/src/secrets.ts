import { randomBytes } from 'node:crypto';
import type { Vault } from '@kyoka/vault';

/** What a secret of this service is for. Each use has a digest of its own, so none opens another door. */
export type SecretUse = 'access token' | 'session' | 'sign-in link';

/** 256 random bits as base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/**
 * The keyed digest under which a secret is kept and found. A copy of the database neither opens the
 * door nor can be used to test guesses; and since nobody outside can steer a digest, the time of a
 * look-up tells nothing about a stored one.
 */
export const digestOf = (vault: Pick<Vault, 'mac'>, use: SecretUse, secret: string): Buffer =>
  vault.mac(use, secret);
