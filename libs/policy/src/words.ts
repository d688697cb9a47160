/**
 * What a purpose is to the person. `transaction`, `service` and `duty` may be carried by any channel
 * the person gave for them, without consent; `marketing` only by the channels it names, each on its
 * own basis; `analytics` reaches nobody and names no channel.
 */
export const PURPOSE_KINDS = ['transaction', 'service', 'marketing', 'analytics', 'duty'] as const;
export type PurposeKind = (typeof PURPOSE_KINDS)[number];

/** What a marketing channel rests on: recorded consent, the policy's own clause until a stop, or nothing. */
export const CHANNEL_BASES = ['opt_in', 'opt_out', 'off'] as const;

export const SOURCE_KINDS = [
  'direct',
  'automatic',
  'third_party',
  'public',
  'mall',
  'partner',
  'dmp',
  'form_abandoned',
  'access_log',
  'call_recording',
  'import',
] as const;

/** The supplier's reference to the consent of the person it has the data from. */
export const SOURCE_NEEDS = ['consent_reference'] as const;

/** Whose offer a message carries. */
export const CONTENT_OWNERS = ['own', 'partner', 'third_party'] as const;
export type ContentOwner = (typeof CONTENT_OWNERS)[number];

export const RECIPIENT_KINDS = [
  'ad_network',
  'processor',
  'financial_institution',
  'joint_user',
  'other',
] as const;
export type RecipientKind = (typeof RECIPIENT_KINDS)[number];

/** On what ground a recipient holds personal data (APPI Art. 27(1), 27(2), 27(5)(i) and (iii)). */
export const PROVISION_BASES = ['consent', 'processor', 'joint_use', 'opt_out_filed'] as const;
export type ProvisionBasis = (typeof PROVISION_BASES)[number];
