import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '@kyoka/config';
import { EMBEDDED_PASSWORD, type Pool, queryable, startEmbedded } from '@kyoka/postgres';
import { bindVault } from '@kyoka/permission-store';
import { openRole, type RunningProcess } from '@kyoka/runtime';
import { isMigrated, migrate, requireRestoredAt } from '@kyoka/schema';
import { openVault, type Vault } from '@kyoka/vault';
import type { Progress } from './screen.js';

/** The database, and the keys that it was filled under. */
export interface Store {
  readonly url: string;
  readonly vault: Vault;
  readonly permissions: Pool;
  readonly audiences: Pool;
  /** Settles when the embedded server has ended; never for a database of somebody else. */
  readonly ended: Promise<void>;
}

/** Whether there is no data yet: the embedded cluster is to be made, or the given database is empty of ours. */
export async function isFresh({ dataDir, databaseUrl }: Settings): Promise<boolean> {
  return databaseUrl
    ? !(await isMigrated(databaseUrl))
    : !existsSync(join(dataDir, 'postgres', 'PG_VERSION'));
}

/**
 * Opens the keys and the database, migrated. Keys are made only where there is no data yet: beside
 * data whose keys are gone, new ones would hide the loss.
 *
 * @throws KyokaError `key_missing`, `config_invalid`, `restore_unfinished`, `database_unavailable`
 */
export async function openStore(
  running: RunningProcess,
  { fresh, progress }: { fresh: boolean; progress: Progress },
): Promise<Store> {
  const { settings, log } = running;
  const { keyDir, dataDir, kek, databaseUrl } = settings;
  const vault = await openVault({ keyDir, dataDir, kek, create: fresh });
  const { url, ended } = databaseUrl
    ? { url: databaseUrl, ended: new Promise<void>(() => undefined) }
    : await embedded(vault, running);

  await requireRestoredAt(url);
  progress.at('migrating');
  const migrations = await migrate(url);
  log.info('migrated', { count: migrations.length });
  const permissions = await openRole(url, 'kyoka_permissions', running);
  await bindVault(queryable(permissions), vault.id);
  progress.result(
    `${databaseUrl ? 'yours' : 'embedded PostgreSQL 18'}${migrations.length > 0 ? ', migrated' : ''}`,
  );
  const audiences = await openRole(url, 'kyoka_audiences', running);
  return { url, vault, permissions, audiences, ended };
}

async function embedded(
  vault: Vault,
  { settings: { dataDir }, closing, log }: RunningProcess,
): Promise<{ url: string; ended: Promise<void> }> {
  const postgres = await startEmbedded({
    dataDir,
    password: vault.secret(EMBEDDED_PASSWORD).toString('base64url'),
    log: (event) => log.info(event),
  });
  closing.add('postgres', () => postgres.stop());
  return postgres;
}
