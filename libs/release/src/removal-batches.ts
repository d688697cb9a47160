import { type Capabilities, splitIntoRequests } from '@kyoka/connector-kit';
import type { Removal } from './tables/removal-table.js';
import { groupBy } from './words.js';

/** The requests that removals go in. What has failed before goes in smaller and smaller requests, so that one bad record keeps no other waiting. */
export function removalBatches(
  removals: readonly Removal[],
  capabilities: Capabilities,
): Removal[][] {
  return [...groupBy(removals, (removal) => removal.failures)].flatMap(([failures, alike]) => {
    const most = Math.max(1, Math.floor(capabilities.maxPersonsPerRequest / 10 ** failures));
    const records = alike.map((removal) => ({
      emails: removal.kind === 'email' ? ['x'] : [],
      phones: removal.kind === 'phone' ? ['x'] : [],
      removal,
    }));
    return splitIntoRequests(records, { ...capabilities, maxPersonsPerRequest: most }).map(
      (request) => request.map((record) => record.removal),
    );
  });
}
