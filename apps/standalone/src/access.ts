import type { AccessTokens } from '@kyoka/access';
import { DAY } from '@kyoka/kernel';

/** Who owns the token that a start makes. */
export const OWNER = 'user:local';
export const TOKEN_DAYS = 90;

/** Makes the token of the local user: at the first start, when asked for, and where none is valid any more. */
export function makeToken(tokens: AccessTokens): Promise<string> {
  return tokens.create({ owner: OWNER, validForMs: TOKEN_DAYS * DAY });
}
