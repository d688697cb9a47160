import type { Pool } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';

/** What the carrying out of erasures needs. */
export interface ErasureContext {
  /** A pool under the role `kyoka_permissions`. */
  readonly pool: Pool;
  readonly vault: Pick<
    Vault,
    | 'addBucketKey'
    | 'bucketKeyId'
    | 'bucketOf'
    | 'bucketVersions'
    | 'destroyBucketKeysBefore'
    | 'open'
    | 'refresh'
    | 'seal'
  >;
  /** Where backups lie (`KYOKA_BACKUP_DIR`); rows that were sealed again are added there. */
  readonly backupDir: string;
  /** How long parked originals are kept (`KYOKA_PARKED_DAYS`). */
  readonly parkedDays: number;
  /** Rows that are sealed again in one transaction; 500 by default. */
  readonly chunk?: number;
  /** Tells of contact points that open no more although their key is here: codes and counts. */
  readonly onBroken?: (bucket: number, rows: number) => void;
}
