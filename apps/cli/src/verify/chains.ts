import { actChainReader } from '@kyoka/access';
import { type ChainSource, joinChains } from '@kyoka/evidence';
import { chainReader } from '@kyoka/permission-store';
import { openPool, queryable } from '@kyoka/postgres';
import { releaseChainReader } from '@kyoka/release';

/** Works on the chains of every context of a database, read under the role of each. */
export async function withChains<T>(
  url: string,
  work: (chains: ChainSource) => Promise<T>,
): Promise<T> {
  const open = (role: 'kyoka_permissions' | 'kyoka_audiences') =>
    openPool(url, { role, max: 2, applicationName: 'kyoka verify' });
  const permissions = await open('kyoka_permissions');
  try {
    const audiences = await open('kyoka_audiences');
    try {
      const sources = [
        chainReader(queryable(permissions)),
        actChainReader(queryable(permissions)),
        releaseChainReader(queryable(audiences)),
      ];
      return await work(joinChains(sources));
    } finally {
      await audiences.destroy();
    }
  } finally {
    await permissions.destroy();
  }
}
