import 'reflect-metadata';
import { KyokaError } from '@kyoka/kernel';
import { DataSource } from 'typeorm';
import { toKyokaError } from './errors.js';
import { queryable } from './queryable.js';

/** The role a context works under; it owns nothing and can't log in by itself. */
export type PoolRole = 'kyoka_permissions' | 'kyoka_audiences';

export interface PoolOptions {
  /** The role every connection takes as it opens; without it, the role of the address. */
  readonly role?: PoolRole;
  /** Most connections at once. */
  readonly max: number;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName: string;
  /** Longest time of a statement, in milliseconds; 30 s by default, 0 for none. */
  readonly statementTimeoutMs?: number;
  /** After this long without a statement a session that is in a transaction is ended; 60 s by default. */
  readonly idleInTransactionMs?: number;
}

/** How long a caller waits for a connection, new or free, in milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Opens a pool of connections to the database at `url` and checks that a commit is durable there.
 * The caller ends it with `destroy()`.
 *
 * The role comes as a startup option, so a connection never works under another one. Behind a
 * connection pooler that drops startup options it would: use a direct address.
 *
 * @throws KyokaError `config_invalid` when the server or the role has `fsync` or `synchronous_commit`
 *   off, since an answer would then be given before the event is durable; `database_unavailable`;
 *   `database_refused`
 */
export async function openPool(url: string, options: PoolOptions): Promise<DataSource> {
  const pool = new DataSource({
    type: 'postgres',
    url,
    applicationName: options.applicationName,
    poolSize: options.max,
    connectTimeoutMS: CONNECT_TIMEOUT_MS,
    installExtensions: false,
    logging: false,
    // A connection that breaks while it is idle leaves the pool; the next statement opens another.
    poolErrorHandler: () => undefined,
    extra: {
      options: startupOptions(options),
      keepAlive: true,
    },
  });
  try {
    await pool.initialize();
    await requireDurableCommits(pool);
    return pool;
  } catch (fault) {
    if (pool.isInitialized) await pool.destroy();
    throw toKyokaError(fault);
  }
}

function startupOptions({
  role,
  statementTimeoutMs = 30_000,
  idleInTransactionMs = 60_000,
}: PoolOptions): string {
  const settings = [
    'timezone=UTC',
    // Transactions begin without naming it, which saves each of them a round trip.
    'default_transaction_isolation=read\\ committed',
    'plan_cache_mode=force_custom_plan',
    `statement_timeout=${statementTimeoutMs}`,
    `idle_in_transaction_session_timeout=${idleInTransactionMs}`,
    ...(role === undefined ? [] : [`role=${role}`]),
  ];
  return settings.map((setting) => `-c ${setting}`).join(' ');
}

async function requireDurableCommits(pool: DataSource): Promise<void> {
  const rows = await queryable(pool).query<{ name: string }>(
    `SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit') AND setting = 'off' ORDER BY name`,
  );
  if (rows.length > 0) {
    const faults = rows.map(({ name }) => ({ field: `DATABASE_URL: ${name}`, expected: 'on' }));
    throw new KyokaError(
      'config_invalid',
      'the database acknowledges commits that a crash could lose',
      { faults },
    );
  }
}
