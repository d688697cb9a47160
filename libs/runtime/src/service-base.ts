import { join } from 'node:path';
import { readPolicySet, requireVault } from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { lockFolder, type Pool, type PoolRole, queryable } from '@kyoka/postgres';
import { requireSchema } from '@kyoka/schema';
import { openVault, type Vault } from '@kyoka/vault';
import { keepKeysFresh } from './keys.js';
import { warnOfStrongLogin } from './login.js';
import { openRole } from './pools.js';
import type { RunningProcess } from './process.js';
import { watchSchema } from './schema-watch.js';

/** What a service begins with: a role of the database, the keys, the policies, a name of its own. */
export interface ServiceBase {
  readonly url: string;
  readonly pool: Pool;
  readonly vault: Vault;
  readonly policies: PolicySet;
  /** Name of this process's files in the journal and checkpoint folders; no other process has it. */
  readonly writer: string;
  /** Whether the schema is still the one that this version knows, for a check of readiness. */
  readonly schemaHolds: () => Promise<boolean>;
}

/**
 * Opens what a service begins with, on a database and with keys that `npm run migrate` has made ready.
 *
 * @param dbRole the only role that the process works under
 * @throws KyokaError `schema_mismatch`; `key_missing`; `already_running` when another process has its
 *   name; `config_invalid`; `database_unavailable`
 */
export async function openServiceBase(
  running: RunningProcess,
  { role, dbRole }: { readonly role: string; readonly dbRole: PoolRole },
): Promise<ServiceBase> {
  const { settings, closing } = running;
  const { keyDir, dataDir, kek, databaseUrl: url = '' } = settings;
  const policies = await readPolicySet(settings.deployDir);
  const writer = `${role}-${settings.instance}`;
  const lock = await lockFolder(join(settings.journalDir, `${writer}.lock`), {
    what: `the name ${writer}`,
    field: 'KYOKA_INSTANCE',
  });
  closing.add('name', () => lock.release());
  const vault = await openVault({ keyDir, dataDir, kek, create: false });
  keepKeysFresh(vault, running);
  const pool = await openRole(url, dbRole, running);
  const db = queryable(pool);
  await requireSchema(db);
  await requireVault(db, vault.id);
  await warnOfStrongLogin(db, running.log);
  return { url, pool, vault, policies, writer, schemaHolds: watchSchema(db, running) };
}
