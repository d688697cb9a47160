import type { Capabilities, Confirmation } from '@kyoka/connector-kit';
import { DAY, MINUTE } from '@kyoka/kernel';

const CONFIRMATION: Confirmation = {
  basis: 'job_status',
  processingTimeMs: DAY,
  firstPollAfterMs: MINUTE,
  pollBackoff: { factor: 2, maxMs: DAY },
  giveUpAfterMs: 2 * DAY,
};

/** A network that declares what a test asks for. */
export const capabilitiesForTests = (declared: Partial<Capabilities> = {}): Capabilities => ({
  network: 'net',
  identifiers: ['email', 'phone'],
  maxPersonsPerRequest: 1_000,
  maxIdentifiersPerPerson: 10,
  personCountsAs: 'one',
  badRecord: 'refuses_request',
  memberLifetimeDays: null,
  addConfirmation: CONFIRMATION,
  removalConfirmation: CONFIRMATION,
  quota: [],
  sendDeadlineMs: 30_000,
  ...declared,
});
