import type { Connector } from '@kyoka/connector-kit';
import type { ReleaseContext } from './ports.js';
import type { Audience } from './tables/audience-table.js';

/**
 * The connector that reaches the audience's list, or that may make it. None where the network is now
 * reached at another address or account than the list was made at: nothing of it may go there, and
 * what the list holds is out of reach until the old destination is configured again.
 */
export function connectorOf(
  { connectors }: Pick<ReleaseContext, 'connectors'>,
  { network, list }: Pick<Audience, 'network' | 'list'>,
): Connector | undefined {
  const connector = network === null ? undefined : connectors.get(network);
  if (list !== undefined && list.destination !== connector?.destination) return undefined;
  return connector;
}
