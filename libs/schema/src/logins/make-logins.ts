import { KyokaError } from '@kyoka/kernel';
import { advisoryLock, inTransaction, openPool, type Queryable } from '@kyoka/postgres';
import { scramVerifier } from './scram-verifier.js';

/**
 * Who logs in, and what the login may become. A service takes the role of its context when it connects
 * and has no right of its own; a backup reads everything and becomes nobody.
 */
const LOGINS = {
  intake: { become: ['kyoka_permissions'], has: [] },
  permissions: { become: ['kyoka_permissions'], has: [] },
  audiences: { become: ['kyoka_audiences'], has: [] },
  console: { become: ['kyoka_permissions', 'kyoka_audiences'], has: [] },
  backup: { become: [], has: ['pg_read_all_data'] },
} as const satisfies Record<string, { become: readonly string[]; has: readonly string[] }>;

export type LoginOf = keyof typeof LOGINS;

export interface Login {
  /** A plain identifier. */
  readonly user: string;
  /** ASCII characters. */
  readonly password: string;
}

// Any fixed number: logins belong to the cluster, and two calls may not make one at the same time.
const LOGINS_LOCK = 7_301_945n;

/**
 * Makes the logins of services, or gives those that are there this password and these rights and no
 * others. Whoever holds such a login can't get at what the service itself may not.
 *
 * @param url of a login that may create roles and has the roles of the contexts
 * @returns for whom there is a login now
 * @throws KyokaError `config_invalid` where a user is another service's, or one that may already do more;
 *   `database_unavailable`, `database_refused`
 */
export async function makeLogins(
  url: string,
  logins: Readonly<Partial<Record<LoginOf, Login>>>,
): Promise<LoginOf[]> {
  const wanted = Object.entries(logins) as [LoginOf, Login][];
  if (wanted.length === 0) return [];
  const users = wanted.map(([, { user }]) => user);
  const twice = wanted.filter(([, { user }], at) => users.indexOf(user) !== at);
  if (twice.length > 0) throw notOfItsOwn(twice.map(([whose]) => whose));
  const pool = await openPool(url, { max: 1, applicationName: 'kyoka migrate' });
  try {
    await inTransaction(pool, async (tx) => {
      await advisoryLock(tx, LOGINS_LOCK);
      const taken = await strongAmong(tx, users);
      const faulty = wanted.filter(([, { user }]) => taken.has(user));
      if (faulty.length > 0) throw notOfItsOwn(faulty.map(([whose]) => whose));
      for (const [whose, login] of wanted) await makeLogin(tx, whose, login);
    });
    return wanted.map(([whose]) => whose);
  } finally {
    await pool.destroy();
  }
}

/**
 * Users that are no plain logins: with rights over roles or databases, with something of their own, or
 * with a grant on anything but a role (looked at next) or a database (which may be to connect).
 */
async function strongAmong(tx: Queryable, users: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query<{ user: string }>(
    `select rolname as user from pg_roles r where rolname = any ($1)
       and (not rolcanlogin or rolsuper or rolcreaterole or rolcreatedb or rolreplication or rolbypassrls
            or rolname = session_user or exists (
              select from pg_shdepend where refobjid = r.oid and (deptype = 'o' or deptype = 'a'
                and classid not in ('pg_auth_members'::regclass, 'pg_database'::regclass))))`,
    [users],
  );
  return new Set(rows.map(({ user }) => user));
}

async function makeLogin(tx: Queryable, whose: LoginOf, { user, password }: Login): Promise<void> {
  const { become, has } = LOGINS[whose];
  const found = await tx.query('select from pg_roles where rolname = $1', [user]);
  if (found.length === 0) await tx.query(`create role ${quoted(user)} login noinherit`);
  await tx.query(`alter role ${quoted(user)} password '${scramVerifier(password)}'`);
  const held = await tx.query<{ role: string }>(
    `select roleid::regrole::text as role from pg_auth_members where member = $1::regrole`,
    [user],
  );
  for (const { role } of held) await tx.query(`revoke ${role} from ${quoted(user)}`);
  for (const role of become)
    await tx.query(`grant ${role} to ${quoted(user)} with inherit false, set true`);
  for (const role of has)
    await tx.query(`grant ${role} to ${quoted(user)} with inherit true, set false`);
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

function notOfItsOwn(whose: readonly LoginOf[]): KyokaError {
  const faults = whose.map((one) => ({
    field: `KYOKA_LOGIN_${one.toUpperCase()}`,
    expected: 'a user of its own, who may do nothing else',
  }));
  const names = faults.map(({ field }) => field).join(', ');
  return new KyokaError('config_invalid', `wrong logins of the database: ${names}`, { faults });
}
