import { createHmac, type KeyObject } from 'node:crypto';
import {
  SEND_DEADLINE_MS,
  type Capabilities,
  type Confirmation,
  type ConfirmationTiming,
} from '@kyoka/connector-kit';
import { DAY, MINUTE, type Clock } from '@kyoka/kernel';

export interface MetaSettings {
  /** Without the version; `https://graph.facebook.com` unless a sandbox plays it. */
  readonly baseUrl: string;
  /** Ad account, digits only, without `act_`. */
  readonly adAccountId: string;
  /** An access token with `ads_management`. */
  readonly token: () => Promise<string>;
  /** The app's secret; signs the token so that a stolen one is worth nothing alone. */
  readonly appSecret: KeyObject;
  readonly clock: Clock;
  /** A positive integer below 2^53, unique in the ad account. Random by default. */
  readonly newSessionId?: () => number;
  readonly replyTimeoutMs?: number;
  /** Meta's waiting times unless set. */
  readonly timing?: ConfirmationTiming;
}

/** `appsecret_proof`: HMAC-SHA256 of the token under the app secret, in hex. */
export function appSecretProof(token: string, appSecret: KeyObject): string {
  return createHmac('sha256', appSecret).update(token).digest('hex');
}

/**
 * Changes take up to 24 hours (reference/custom-audience/users), and nothing tells when they did:
 * a session's stage is known to stay at "uploading".
 */
const CONFIRMATION: Confirmation = {
  basis: 'declared_time',
  processingTimeMs: DAY,
  firstPollAfterMs: DAY,
  pollBackoff: { factor: 1, maxMs: DAY },
  giveUpAfterMs: DAY,
};

/** Limits: reference/custom-audience/users. Identifiers per person are not limited there; the number is ours. */
export function metaCapabilities(timing: ConfirmationTiming = {}): Capabilities {
  const confirmation = { ...CONFIRMATION, ...timing };
  return {
    network: 'meta',
    identifiers: ['email', 'phone'],
    maxPersonsPerRequest: 10_000,
    maxIdentifiersPerPerson: 10,
    personCountsAs: 'rows',
    badRecord: 'counted',
    memberLifetimeDays: null,
    addConfirmation: confirmation,
    removalConfirmation: confirmation,
    quota: [{ requests: 190_000, perMs: 60 * MINUTE }],
    sendDeadlineMs: SEND_DEADLINE_MS,
  };
}
