import type { Confirmation } from '@kyoka/connector-kit';
import { DAY, type Instant } from '@kyoka/kernel';
import type { RemovalTimes } from '@kyoka/suspension';
import type { ReleaseContext } from './ports.js';
import type { Audience } from './tables/audience-table.js';

/** For a recipient that no connector serves: nothing can confirm, so only the alarm's date matters. */
const NO_CONNECTOR: Confirmation = {
  basis: 'declared_time',
  processingTimeMs: DAY,
  firstPollAfterMs: DAY,
  pollBackoff: { factor: 1, maxMs: DAY },
  giveUpAfterMs: DAY,
};

type Served = Pick<Audience, 'network'>;
type Connectors = Pick<ReleaseContext, 'connectors'>;

const capabilitiesOf = ({ connectors }: Connectors, { network }: Served) =>
  network === null ? undefined : connectors.get(network)?.capabilities;

/** How an add at the audience's network becomes certain. */
export function addTimes(context: Connectors, audience: Served): Confirmation {
  return capabilitiesOf(context, audience)?.addConfirmation ?? NO_CONNECTOR;
}

/** How a removal there becomes certain. */
export function removalTimes(context: Connectors, audience: Served): Confirmation & RemovalTimes {
  return capabilitiesOf(context, audience)?.removalConfirmation ?? NO_CONNECTOR;
}

/** The day of a removal that is recorded at `at`, before anything is known of adds under way. */
export function removalDueBy(context: Connectors, audience: Served, at: Instant): Instant {
  return at + removalTimes(context, audience).giveUpAfterMs;
}

/**
 * A lease that begins at `at`: it ends with our own term, the network's lifetime of members or the
 * audience, whichever comes first, and is renewed some time before, unless the audience ends with it.
 */
export function leaseFrom(
  context: Pick<ReleaseContext, 'connectors' | 'settings'>,
  audience: Served & Pick<Audience, 'endsAt'>,
  at: Instant,
): { readonly until: Instant; readonly renewAt: Instant } {
  const lifetime = capabilitiesOf(context, audience)?.memberLifetimeDays;
  const term = Math.min(context.settings.leaseMs, lifetime ? lifetime.max * DAY : Infinity);
  if (at + term >= audience.endsAt) return { until: audience.endsAt, renewAt: audience.endsAt };
  return {
    until: at + term,
    renewAt: at + term - Math.min(context.settings.renewBeforeMs, term / 2),
  };
}
