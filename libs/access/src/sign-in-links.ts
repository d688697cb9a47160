import { type Clock, formatInstant, type Instant, KyokaError, MINUTE } from '@kyoka/kernel';
import { inTransaction, type Pool, type Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { recordAct } from './acts.js';
import { SERVICE } from './identity.js';
import { digestOf, newSecret } from './secrets.js';
import type { Sessions } from './sessions.js';

export interface SignInLinks {
  /**
   * Makes a link that signs its owner in once, as an administrator, within a quarter of an hour. For
   * who runs the machine, where there is no identity provider.
   *
   * @returns the secret of the link, shown this once
   */
  make(owner: string): Promise<string>;
  /**
   * Uses a link up.
   *
   * @returns the session that begins
   * @throws KyokaError `unauthenticated` for one that is unknown, used or past its end
   */
  use(secret: string): Promise<{ secret: string; endsAt: Instant }>;
}

const VALID_MS = 15 * MINUTE;

/** Makes a link that signs its owner in once, and gives its secret and its end. */
export async function makeSignInLink(
  pool: Pool,
  { vault, clock }: { readonly vault: Pick<Vault, 'mac'>; readonly clock: Clock },
  owner: string,
): Promise<{ readonly secret: string; readonly endsAt: Instant }> {
  const secret = newSecret();
  const at = clock();
  const endsAt = at + VALID_MS;
  await inTransaction(pool, async (tx) => {
    await tx.query(
      'insert into access.sign_in_link (hash, owner, made_at, ends_at) values ($1, $2, $3, $4)',
      [digestOf(vault, 'sign-in link', secret), owner, formatInstant(at), formatInstant(endsAt)],
    );
    await recordAct(tx, { by: SERVICE, act: 'link.made', target: owner, at });
  });
  return { secret, endsAt };
}

/** Ends the links of an owner that nobody has used; one in use is waited for. */
export async function endSignInLinks(tx: Queryable, owner: string, at: Instant): Promise<void> {
  await tx.query(
    `update access.sign_in_link set used_at = $2
      where hash in (select hash from access.sign_in_link
                      where owner = $1 and used_at is null order by hash for update)`,
    [owner, formatInstant(at)],
  );
}

/** @param pool under the role `kyoka_permissions` */
export function signInLinks(
  pool: Pool,
  {
    vault,
    clock,
    sessions,
  }: {
    readonly vault: Pick<Vault, 'mac'>;
    readonly clock: Clock;
    readonly sessions: Pick<Sessions, 'begin'>;
  },
): SignInLinks {
  return {
    make: async (owner) => (await makeSignInLink(pool, { vault, clock }, owner)).secret,
    use: (secret) =>
      inTransaction(pool, async (tx) => {
        const [row] = await tx.query<{ owner: string }>(
          `update access.sign_in_link set used_at = $2
            where hash = $1 and used_at is null and ends_at >= $2 returning owner`,
          [digestOf(vault, 'sign-in link', secret), formatInstant(clock())],
        );
        if (row === undefined) {
          throw new KyokaError('unauthenticated', 'This link does not sign anybody in');
        }
        return sessions.begin(tx, {
          owner: row.owner,
          roles: ['administrator'],
          via: 'link',
        });
      }),
  };
}
