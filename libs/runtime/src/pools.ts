import type { Settings } from '@kyoka/config';
import { openPool, type Pool, type PoolRole } from '@kyoka/postgres';
import type { Closing } from './closing.js';

/** Opens the pool of one context, whose role every one of its connections takes. */
export async function openRole(
  url: string,
  role: PoolRole,
  { settings, closing }: { readonly settings: Settings; readonly closing: Closing },
): Promise<Pool> {
  const max = settings.databaseConnections;
  const pool = await openPool(url, { role, max, applicationName: `kyoka ${role}` });
  closing.add(role, () => pool.destroy());
  return pool;
}
