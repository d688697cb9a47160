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
export type SourceKind = (typeof SOURCE_KINDS)[number];

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

/** What the text asks of a processor before it gets data (APPI Art. 25). */
export const PROCESSOR_EVIDENCE = [
  'contract',
  'nda',
  'system_check',
  'standard_check',
  'education',
] as const;

export const PROVISION_MEDIA = ['paper', 'electronic'] as const;

/** Grounds of disclosure without consent (APPI Art. 27(1)); each is a case with an approver. */
export const DISCLOSURE_GROUNDS = [
  'law',
  'life',
  'health_child',
  'public_body',
  'academic',
] as const;

/**
 * What a case of exceptional disclosure may have to state. `paper`: what was put before us; `basis`:
 * the law and article it rests on; `obstacle`: why consent is hard to get, or asking would hinder;
 * `need`: why it is particularly needed; `research`: for what research; `balance`: why the person's
 * rights are not unduly harmed.
 */
export const DISCLOSURE_NEEDS = [
  'paper',
  'basis',
  'obstacle',
  'need',
  'research',
  'balance',
] as const;
export type DisclosureNeed = (typeof DISCLOSURE_NEEDS)[number];

/** What a person may ask for (APPI Art. 32(2), 33(1), 33(5), 34, 35). */
export const REQUEST_TYPES = [
  'purpose_notice',
  'disclosure',
  'third_party_records',
  'correction',
  'suspension',
  'erasure',
  'provision_stop',
] as const;

export const FEE_METHODS = ['postal_money_order', 'postage_stamps', 'cash', 'transfer'] as const;

export const REQUEST_MEDIA = [
  'post',
  'fax',
  'email',
  'web',
  'phone',
  'service',
  'download',
] as const;

export const ANSWER_MEDIA = ['written', 'email'] as const;

export const IDENTITY_PAPERS = [
  'resident_certificate',
  'health_insurance_card',
  'eligibility_certificate',
  'passport',
  'drivers_licence',
  'my_number_card',
  'necessary_documents',
] as const;

export const PROXY_PAPERS = [
  'representative_confirmed',
  'request_form',
  'identity_paper',
  'power_of_attorney_registered_seal',
  'equivalent_of_power_of_attorney',
  'seal_certificate',
] as const;

export const REFUSAL_GROUNDS = [
  'law',
  'harm',
  'obstruction',
  'unlawful',
  'contractor_without_right',
  'identity_mismatch',
  'proxy_not_shown',
  'form_incomplete',
  'fee_missing',
  'not_retained',
] as const;

export const SUSPENSION_GROUNDS = [
  'any',
  'beyond_purpose',
  'improper_acquisition',
  'no_longer_needed',
  'leak',
  'harm_to_rights',
] as const;

/** What a gained purpose means for data that was taken in before it (APPI Art. 17(2), 18(1)). */
export const CHANGE_KINDS = ['related', 'by_new_consent'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

export const CHANGE_NOTICES = ['none', 'posting', 'website', 'individual'] as const;

export const SELF_SERVICE_PAGES = ['view', 'update', 'delete', 'usage'] as const;

/** What an item becomes in anonymised data. */
export const TRANSFORMS = ['birth_month', 'zip_first_three', 'insurer_number'] as const;

/** What the law wants people to be able to look up; the legal pack names the article of each. */
export const PUBLISHED_ITEMS = [
  'operator_name',
  'operator_address',
  'operator_representative',
  'purposes',
  'procedures',
  'safety_measures',
  'complaint_desk',
  'accredited_body',
  'joint_use_address',
  'joint_use_representative',
  'filing_operator',
  'filing_items',
  'filing_how_acquired',
  'filing_how_provided',
  'filing_how_to_stop',
  'filing_how_updated',
  'filing_start',
  'transmitted_items',
] as const;
export type PublishedItem = (typeof PUBLISHED_ITEMS)[number];

/** Under what only the company itself knows an item is owed: a member of an accredited body, a service under the Act. */
export const OWED_ONLY = ['accredited_member', 'designated_service'] as const;
export type OwedOnly = (typeof OWED_ONLY)[number];

/** What each marketing message has to show (Email Act Art. 4; ASCT Art. 12-3). */
export const LABELS = [
  'sender_name',
  'opt_out_address',
  'opt_out_statement',
  'sender_postal_address',
  'complaint_contact',
] as const;
