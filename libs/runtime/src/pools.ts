import type { Settings } from '@kyoka/config';
import type { Clock } from '@kyoka/kernel';
import { openPool, type Pool, type PoolRole, poolState, queryable } from '@kyoka/postgres';
import { collect, collectAudiences, collectPermissions, set } from '@kyoka/telemetry';
import type { Closing } from './closing.js';

const CONTEXTS = {
  kyoka_permissions: ['permissions', collectPermissions],
  kyoka_audiences: ['audiences', collectAudiences],
} as const;

/** Opens the pool of one context, whose role every one of its connections takes. */
export async function openRole(
  url: string,
  role: PoolRole,
  {
    settings,
    clock,
    closing,
  }: { readonly settings: Settings; readonly clock: Clock; readonly closing: Closing },
): Promise<Pool> {
  const max = settings.databaseConnections;
  const pool = await openPool(url, { role, max, applicationName: `kyoka ${role}` });
  const [context, collector] = CONTEXTS[role];
  const look = collector(queryable(pool), clock, settings.kafkaBrokers !== undefined);
  const end = collect(context, () => {
    for (const [state, connections] of Object.entries(poolState(pool))) {
      set('kyoka_database_connections', { context, state }, connections);
    }
    return look();
  });
  closing.add(role, async () => {
    end();
    await pool.destroy();
  });
  return pool;
}
