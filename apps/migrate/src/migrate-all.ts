import { accessTokens } from '@kyoka/access';
import type { Settings } from '@kyoka/config';
import { catchUpWithJournal } from '@kyoka/intake';
import { type Clock, DAY } from '@kyoka/kernel';
import { bindVault } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import { isMigrated, migrate } from '@kyoka/schema';
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
 * schema, and every stop of the journals that the database doesn't know. May be run again.
 *
 * @throws KyokaError `key_missing`, `journal_behind`, `database_unavailable`, `database_refused`
 */
export async function migrateAll(
  { databaseUrl: url = '', keyDir, dataDir, kek, journalDir: dir }: Settings,
  { clock, owner, say }: MigrateOptions,
): Promise<void> {
  const fresh = !(await isMigrated(url));
  const vault = await openVault({ keyDir, dataDir, kek, create: fresh });
  const ran = await migrate(url);
  say(ran.length === 0 ? 'the schema is the newest' : `migrated: ${ran.join(', ')}`);
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
