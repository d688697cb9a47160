import {
  SEND_DEADLINE_MS,
  type Capabilities,
  type Confirmation,
  type ConfirmationTiming,
} from '@kyoka/connector-kit';
import { DAY, MINUTE, type Clock } from '@kyoka/kernel';

export interface GoogleSettings {
  /** Without the version; `https://datamanager.googleapis.com` unless a sandbox plays it. */
  readonly baseUrl: string;
  /** Google Ads account whose lists are used, digits only. */
  readonly operatingAccountId: string;
  /** Account that the token belongs to, where it is another one (a manager account). */
  readonly loginAccountId?: string;
  /** An OAuth 2.0 access token with scope `https://www.googleapis.com/auth/datamanager`. */
  readonly token: () => Promise<string>;
  /** Whether the company accepted the Customer Match terms; without it Google refuses every upload. */
  readonly termsAccepted: boolean;
  readonly clock: Clock;
  readonly replyTimeoutMs?: number;
  /** Google's waiting times unless set. */
  readonly timing?: ConfirmationTiming;
}

/**
 * Google gives no longest processing time for a request, only that the first question is worth
 * asking after about 30 minutes, with exponential back-off (devguides/diagnostics). 24 hours is the
 * upper end of what the older Customer Match jobs took; two days without an answer is overdue.
 */
const CONFIRMATION: Confirmation = {
  basis: 'job_status',
  processingTimeMs: DAY,
  firstPollAfterMs: 30 * MINUTE,
  pollBackoff: { factor: 2, maxMs: 240 * MINUTE },
  giveUpAfterMs: 2 * DAY,
};

/** Limits: devguides/limits and the v1 service definition; lifetime: at most 540 days since 7 April 2025. */
export function googleCapabilities(timing: ConfirmationTiming = {}): Capabilities {
  const confirmation = { ...CONFIRMATION, ...timing };
  return {
    network: 'google',
    identifiers: ['email', 'phone'],
    maxPersonsPerRequest: 10_000,
    maxIdentifiersPerPerson: 10,
    personCountsAs: 'one',
    badRecord: 'refuses_request',
    memberLifetimeDays: { min: 1, max: 540 },
    addConfirmation: confirmation,
    removalConfirmation: confirmation,
    quota: [
      { requests: 300, perMs: MINUTE },
      { requests: 100_000, perMs: DAY },
    ],
    sendDeadlineMs: SEND_DEADLINE_MS,
  };
}
