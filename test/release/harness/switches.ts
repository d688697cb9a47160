import type { AddressOf } from '@kyoka/permission-store';
import type { Pool } from '@kyoka/postgres';
import { changeSwitch, registerRecipient, type SwitchTarget } from '@kyoka/release';
import { NETWORKS, START } from './words.js';

/** Who a network's company is, as the tests register it. */
export const partyOf = (network: string) => ({
  name: `${network} company`,
  address: '1 Test Street',
  representative: 'test representative',
});

/** Registers both networks as recipients, and two people switch them and the policy on. */
export async function switchEverythingOn(pool: Pool, addressOf: AddressOf): Promise<void> {
  for (const network of NETWORKS) {
    await registerRecipient(
      pool,
      {
        id: network,
        network,
        kind: 'ad_network',
        basis: 'consent',
        contractRef: `contract-${network}`,
        useLimitRef: `terms-${network}`,
        items: ['hashed_email', 'hashed_phone'],
        reviewedAt: '2026-06-01',
        country: 'US',
        foreignBasis: 'consent',
        party: partyOf(network),
      },
      'user:sato',
      START,
    );
    await bothSwitchOn(pool, { target: 'recipient', id: network }, addressOf(network));
  }
  await bothSwitchOn(pool, { target: 'policy', id: 'almado@1' });
}

/** A request by one person and the approval by another. */
export async function bothSwitchOn(
  pool: Pool,
  target: SwitchTarget,
  destination?: string,
): Promise<void> {
  const ask = { act: 'request_on', reason: 'test' } as const;
  const asked = await changeSwitch(pool, target, ask, { by: 'user:sato', destination, at: START });
  const approve = { act: 'approve_on', request: asked.pending?.request ?? '' } as const;
  await changeSwitch(pool, target, approve, { by: 'user:tanaka', destination, at: START });
}
