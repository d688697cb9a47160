import type { InvalidReason } from '@kyoka/contact';

/** Why we don't make a match key. Closed list. */
export type RejectReason =
  | InvalidReason
  | 'unknown_network'
  | 'unknown_identifier'
  | 'relay_address'
  | 'alias_address'
  | 'role_address'
  | 'nothing_left'
  | 'not_a_country'
  | 'not_a_postal_code'
  | 'form_not_settled';

/** A network's form of one value, or why there is none. */
export type Formed = { readonly form: string } | { readonly reason: RejectReason };
