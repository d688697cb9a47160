export { looksLikeDigest } from './digest.js';
export { CONTACT_RULES_VERSION } from './email-classes.js';
export { FOLD_VERSION, foldEmailFor, NETWORK_EMAIL_FOLDINGS } from './foldings.js';
export type { Network } from './foldings.js';
export { normaliseContact } from './normalise.js';
export { INVALID_REASONS } from './normalised.js';
export type {
  InvalidContact,
  InvalidReason,
  NormalisedContact,
  PhoneLine,
  UsableContact,
} from './normalised.js';
export { clean, DASHES } from './text.js';
