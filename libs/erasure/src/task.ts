import type { DueTask } from '@kyoka/clock';
import { queryable } from '@kyoka/postgres';
import { clearDue } from './clear.js';
import type { ErasureContext } from './context.js';
import { eachOf } from './each-of.js';
import { endRecords } from './end-records.js';
import { finish } from './finish.js';
import { destroyKeys, makeKeys, resealBuckets, startRotations } from './rotate.js';

/**
 * Carries erasures out, each step from what is stored, so that a crash anywhere is taken up:
 *
 * 1. clear: the removals are confirmed, or 14 days are over; rows out, stops to the contact points
 * 2. a new key for the person's bucket; from then on nothing is sealed under the old one
 * 3. everybody else in the bucket is sealed again, and kept beside the backups
 * 4. the old key is destroyed
 * 5. the receipt names the last day on which anything could still be read
 * 6. after their term the records go, too
 */
export function erasureTask(context: ErasureContext): DueTask {
  return {
    name: 'erasures',
    async run(at) {
      const steps = [
        clearDue,
        startRotations,
        makeKeys,
        resealBuckets,
        destroyKeys,
        finish,
        endRecords,
      ];
      let ended = 0;
      await eachOf(
        steps,
        async (step) => {
          ended += await step(context, at);
        },
        Infinity,
      );
      return ended;
    },
    async next() {
      const [row] = await queryable(context.pool).query<{ at: Date | null }>(
        `select least(
           (select min(latest_at) from permissions.erasure where state = 'waiting'),
           (select min(destroy_at) from permissions.bucket_rotation where state = 'resealed')) as at`,
      );
      return row?.at?.getTime();
    },
  };
}
