import type { Log } from '@kyoka/logging';
import type { Queryable } from '@kyoka/postgres';

/**
 * Tells of a service that logs in as somebody who may do more than it: whoever gets to run SQL in it gets
 * to do that. `migrate` makes logins for services.
 */
export async function warnOfStrongLogin(db: Queryable, log: Log): Promise<void> {
  const strong = await db.query(
    `select from pg_roles where rolname = session_user and (rolsuper or rolcreaterole or rolinherit)`,
  );
  if (strong.length > 0) log.warn('login_too_strong');
}
