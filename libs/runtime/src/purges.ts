import { endedAccess } from '@kyoka/access';
import { pruneKeySets } from '@kyoka/backup';
import type { DueTask } from '@kyoka/clock';
import type { Settings } from '@kyoka/config';
import { MINUTE } from '@kyoka/kernel';
import { endedLinks } from '@kyoka/person';
import type { Pool } from '@kyoka/postgres';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';

/** Nothing here opens anything after its end, so it may go a little later. */
const EVERY_MS = 5 * MINUTE;

/**
 * Removes what nobody needs any more: links, confirmations, sessions, quotas, old copies of the keys.
 *
 * @param pool under the role `kyoka_permissions`
 */
export function startPurges(
  { keyBackupDir }: Settings,
  { pool }: { readonly pool: Pool },
  parts: ProcessParts,
): void {
  const tasks = [
    ...endedLinks({ permissions: pool }),
    ...endedAccess(pool),
    ...(keyBackupDir === undefined ? [] : [keyCopies(keyBackupDir)]),
  ];
  keepTime({ name: 'purges', pool, tasks, everyMs: EVERY_MS }, parts);
}

/** Destroys copies of the keys after 14 days, also where nobody makes a new one. */
export const keyCopies = (dir: string): DueTask => ({
  name: 'key copies',
  run: async (at) => (await pruneKeySets(dir, at)).length,
});
