import type { ReasonCode } from '@kyoka/decision';

/**
 * The grounds that a confirmed wish of the person can end (design: what ends a stop). A cell that is
 * refused for these alone can be allowed again on the page; any other ground stands whatever they say.
 */
const ENDED_BY_CONFIRMED_WISH: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'consent_missing',
  'consent_withdrawn',
  'consent_without_evidence',
  'consent_expired',
  'contact_unconfirmed',
  'suppressed_objection',
  'suppressed_complaint',
  'suppressed_suspension',
  'suppressed_erasure',
  'suppressed_bounce',
  'legal_floor',
  'ads_switch_off',
  'provision_consent_missing',
]);

export const isAllowable = (reasons: readonly ReasonCode[]): boolean =>
  reasons.length > 0 && reasons.every((code) => ENDED_BY_CONFIRMED_WISH.has(code));
