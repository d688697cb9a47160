import { randomUUID } from 'node:crypto';
import { type Clock, DAY, HOUR, type Instant, MINUTE, type StaffRole } from '@kyoka/kernel';
import { inTransaction, type Pool, type Queryable, queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { recordAct } from './acts.js';
import { lockRights } from './admin-lock.js';
import type { Identity } from './identity.js';
import { scopesOf } from './roles.js';
import { digestOf, newSecret } from './secrets.js';
import { putStanding } from './tables/person-table.js';
import {
  endSession,
  endSessionsBeyond,
  findSession,
  insertSession,
  type SignedInVia,
  touchSession,
} from './tables/session-table.js';
import { revokeBeyond } from './tables/token-table.js';

export interface SessionTerms {
  /** After so many hours a person signs in again. */
  readonly hours: number;
  /** After so many minutes without a request, too. */
  readonly idleMinutes: number;
  /** What a person hands on to tokens ends so many days after their last sign-in, at the latest. */
  readonly tokenDays: number;
}

interface SignIn {
  /** For example `user:sato`. */
  readonly owner: string;
  readonly roles: readonly StaffRole[];
  readonly via: SignedInVia;
  /** When the person showed who they are, where that was before now. */
  readonly since?: Instant;
}

export interface Sessions {
  /** Whose session it is; `undefined` for one that is unknown, ended, idle or over. */
  identify(secret: string): Promise<Identity | undefined>;
  /**
   * Begins a session in the caller's transaction.
   *
   * @returns its secret, for the cookie
   */
  begin(tx: Queryable, signIn: SignIn): Promise<{ secret: string; endsAt: Instant }>;
  /** Signs a person out. Nothing happens where the session has ended. */
  end(identity: Identity): Promise<void>;
}

/** How often a session's use is written down. */
const TOUCH_EVERY_MS = MINUTE;

/**
 * Sessions of signed-in people, kept under the digest of their secret. Signing in also settles what a
 * person may hand on: tokens and sessions that go beyond what the sign-in says end with it.
 *
 * @param pool under the role `kyoka_permissions`
 */
export function sessions(
  pool: Pool,
  {
    vault,
    clock,
    terms,
  }: {
    readonly vault: Pick<Vault, 'mac'>;
    readonly clock: Clock;
    readonly terms: SessionTerms;
  },
): Sessions {
  const db = queryable(pool);
  return {
    async identify(secret) {
      const at = clock();
      const seenAfter = at - terms.idleMinutes * MINUTE;
      const hash = digestOf(vault, 'session', secret);
      const found = await findSession(db, hash, { at, seenAfter });
      if (found === undefined) return undefined;
      if (at - found.seenAt > TOUCH_EVERY_MS) await touchSession(db, found.id, at);
      return {
        owner: found.owner,
        credential: found.id,
        roles: found.roles,
        scopes: new Set(found.scopes),
        makers: [],
        startsAt: found.startsAt,
        endsAt: found.endsAt,
        csrf: vault.mac('session form', secret).toString('base64url'),
      };
    },
    async begin(tx, { owner, roles, via, since }) {
      const at = clock();
      const scopes = scopesOf(roles);
      const secret = newSecret();
      const endsAt = Math.min(since ?? at, at) + terms.hours * HOUR;
      const id = randomUUID();
      await lockRights(tx);
      const standsUntil = at + terms.tokenDays * DAY;
      await putStanding(tx, { owner, roles, scopes, standsUntil }, at);
      await endSessionsBeyond(tx, owner, { roles, scopes, at });
      const revoked = await revokeBeyond(tx, owner, { roles, scopes, at });
      const hash = digestOf(vault, 'session', secret);
      await insertSession(tx, { id, hash, owner, roles, scopes, via, startsAt: at, endsAt });
      await recordAct(tx, {
        by: { owner, credential: id },
        act: 'signed.in',
        target: id,
        at,
        detail: { via, roles: [...roles], ...(revoked.length > 0 && { revoked }) },
      });
      return { secret, endsAt };
    },
    end: ({ owner, credential }) =>
      inTransaction(pool, async (tx) => {
        const at = clock();
        if (!(await endSession(tx, credential, at))) return;
        await recordAct(tx, {
          by: { owner, credential },
          act: 'signed.out',
          target: credential,
          at,
        });
      }),
  };
}
