import { accessTokens } from '@kyoka/access';
import type { Settings } from '@kyoka/config';
import { catchUpWithJournal } from '@kyoka/intake';
import { type Clock, DAY } from '@kyoka/kernel';
import { bindVault } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import { isMigrated, type Login, type LoginOf, makeLogins, migrate } from '@kyoka/schema';
import { openVault } from '@kyoka/vault';

const TOKEN_DAYS = 90;

export interface MigrateOptions {
  readonly clock: Clock;
  /** Who gets a token that may do everything, to begin with; nobody otherwise. */
  readonly owner: string | undefined;
  readonly say: (line: string) => void;
}

/**
 * Makes a database and its keys ready for the services: keys where there is no data yet, the newest
 * schema, the logins that are named, and every stop of the journals that the database doesn't know. May
 * be run again.
 *
 * @throws KyokaError `config_invalid`, `key_missing`, `journal_behind`, `database_unavailable`,
 *   `database_refused`
 */
export async function migrateAll(
  settings: Settings,
  { clock, owner, say }: MigrateOptions,
): Promise<void> {
  const { databaseUrl: url = '', keyDir, dataDir, kek, journalDir: dir } = settings;
  const fresh = !(await isMigrated(url));
  const vault = await openVault({ keyDir, dataDir, kek, create: fresh });
  const ran = await migrate(url);
  say(ran.length === 0 ? 'the schema is the newest' : `migrated: ${ran.join(', ')}`);
  const made = await makeLogins(url, loginsIn(settings));
  if (made.length > 0) say(`logins: ${made.join(', ')}`);
  const pool = await openPool(url, {
    role: 'kyoka_permissions',
    max: 2,
    applicationName: 'kyoka migrate',
  });
  try {
    await bindVault(queryable(pool), vault.id);
    const applied = await catchUpWithJournal({ pool, dir, clock });
    if (applied > 0) say(`stops of the journal that the database lacked: ${applied}`);
    if (owner === undefined) return;
    const tokens = accessTokens(pool, { vault, clock });
    const token = await tokens.create({ owner, validForMs: TOKEN_DAYS * DAY });
    say(`token of ${owner}, valid for ${TOKEN_DAYS} days, shown this once:\n${token}`);
  } finally {
    await pool.destroy();
  }
}

function loginsIn(settings: Settings): Partial<Record<LoginOf, Login>> {
  const named: Readonly<Record<LoginOf, Login | undefined>> = {
    intake: settings.loginIntake,
    permissions: settings.loginPermissions,
    audiences: settings.loginAudiences,
    console: settings.loginConsole,
    backup: settings.loginBackup,
  };
  return Object.fromEntries(Object.entries(named).filter(([, login]) => login !== undefined));
}
