import * as z from 'zod';
import { moment, momentOrTerm, recordId, reference, text } from '../words.js';
import { scopeName } from './scopes.js';

const ownerName = z
  .string()
  .max(133)
  .regex(/^(user|service):[A-Za-z0-9][A-Za-z0-9._-]{0,126}$/, {
    error: 'user: or service: and a name, such as service:ad-sync',
  });

export const tokenRequest = z
  .strictObject({
    name: reference(80),
    owner: ownerName.optional(),
    scopes: z.array(scopeName).min(1).max(50),
    roles: z.array(text(64)).max(20).optional(),
    startsAt: moment.optional(),
    endsAt: momentOrTerm,
    quotaPerMinute: z.int().min(1).max(100_000_000).optional(),
  })
  .meta({
    id: 'TokenRequest',
    description:
      'A token that may do no more, and lives no longer, than whoever makes it. `endsAt` as days counts from its start. Its owner is the maker, or a service where the maker may write tokens.',
  });
export type TokenRequest = z.infer<typeof tokenRequest>;

const known = {
  id: recordId,
  name: z.string(),
  owner: z.string(),
  scopes: z.array(z.string()),
  roles: z.array(z.string()),
  madeBy: z.string().meta({ description: 'The owner in whose name it was made.' }),
  startsAt: moment,
  endsAt: moment,
  createdAt: moment,
  quotaPerMinute: z.int().optional(),
};

export const tokenAnswer = z
  .object({ ...known, token: z.string() })
  .meta({ id: 'TokenAnswer', description: '`token` is shown this once.' });
export type TokenAnswer = z.infer<typeof tokenAnswer>;

export const tokensAnswer = z
  .object({
    tokens: z.array(
      z.object({
        ...known,
        usedAt: moment.optional(),
        revokedAt: moment.optional(),
        revokedBy: z.string().optional(),
      }),
    ),
  })
  .meta({
    id: 'TokensAnswer',
    description:
      'With tokens:write everybody’s tokens, else those that the caller has or made; the newest first. `usedAt`: when it was last used, within ten seconds; absent for one that wasn’t.',
  });
export type TokensAnswer = z.infer<typeof tokensAnswer>;

export const revokeTokenRequest = z.strictObject({}).meta({ id: 'RevokeTokenRequest' });

export const revokedTokensAnswer = z.object({ revoked: z.array(recordId) }).meta({
  id: 'RevokedTokensAnswer',
  description: 'What stood until now: the token, and every token that was made with it.',
});
export type RevokedTokensAnswer = z.infer<typeof revokedTokensAnswer>;
