/** Why an event was parked: kept, sealed, and replayable by command. */
export const PARK_REASONS = {
  unauthenticated:
    'no valid MAC of a key registered for this source and type, or the key has ended',
  malformed: 'the data does not fit the contract of its type, or lacks what its source needs',
  contact_not_sealed: 'a contact lay in the clear on a topic that does not allow it',
  contact_unreadable: 'a sealed contact could not be opened, or was sealed for another event',
  id_reused: 'the same source and id came before with other content',
  dated_ahead: 'a grant dated more than five minutes after its arrival',
  stop_widened:
    'a stop that could be understood in part only; applied at its widest readable scope',
  unknown_source: 'no policy in force names the source of the subject',
  unknown_category:
    'the policy does not name the category or does not let it in, or its source does not yield it',
  unknown_purpose: 'the policy does not name the purpose',
  unknown_policy: 'the policy version is not known',
  unknown_recipient: 'the policy names neither such a recipient nor such a group',
} as const;
export type ParkReason = keyof typeof PARK_REASONS;
