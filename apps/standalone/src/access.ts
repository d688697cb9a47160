import type { Access } from '@kyoka/access';
import { DAY } from '@kyoka/kernel';

/** Who owns the token that a start makes, and whom the link of the terminal signs in. */
export const OWNER = 'user:local';
export const TOKEN_DAYS = 90;

/**
 * Makes a token for who runs the machine: at the first start, when asked for, and where none is valid any more.
 *
 * @param instead whether the tokens that the owner had until now end with it
 */
export function makeToken({ tokens }: Access, instead: boolean): Promise<string> {
  return tokens.create({ owner: OWNER, validForMs: TOKEN_DAYS * DAY, instead });
}

/** A link that signs the local user in, once, within a quarter of an hour. */
export async function signInLink({ links }: Access, url: string): Promise<string> {
  return new URL(`/sign-in/once/${await links.make(OWNER)}`, url).href;
}
