/** A pool of connections, as `openPool` gives it. */
export type { DataSource as Pool } from 'typeorm';
export { advisoryLock, tryAdvisoryLock, type LockMode } from './advisory-lock.js';
export { EMBEDDED_PASSWORD } from './embedded/address.js';
export { runningEmbedded } from './embedded/running-embedded.js';
export {
  startEmbedded,
  type EmbeddedEvent,
  type EmbeddedOptions,
  type EmbeddedPostgres,
} from './embedded/start-embedded.js';
export { DatabaseError, databaseFault, toKyokaError } from './errors.js';
export { lockFolder, type FolderLock } from './folder-lock.js';
export { listen, type Listener, type ListenOptions } from './listen.js';
export { openPool, type PoolOptions, type PoolRole } from './pool.js';
export { poolState, type PoolState } from './pool-state.js';
export { queryable, type Queryable } from './queryable.js';
export { inTransaction } from './transaction.js';
