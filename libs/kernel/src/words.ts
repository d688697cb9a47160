/** What a contact point is (design: email address, phone number, LINE user id, postal address). */
export const CONTACT_KINDS = ['email', 'phone', 'line', 'postal'] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** How a contact point may be used at all: see the package `contact`. */
export const CONTACT_CLASSES = ['personal', 'relay', 'alias', 'role', 'invalid'] as const;
export type ContactClass = (typeof CONTACT_CLASSES)[number];

/** Where a use reaches a person. `web`: content of own pages. `ads`: an audience at an ad network. */
export const CHANNELS = ['email', 'dm', 'sms', 'line', 'web', 'ads'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The kind of contact point that carries each channel; `web` and `ads` have none of their own. */
export const CHANNEL_CONTACT: Readonly<Partial<Record<Channel, ContactKind>>> = {
  email: 'email',
  sms: 'phone',
  line: 'line',
  dm: 'postal',
};

/** Who acted. Only `subject` and `guardian` can earn or lift anything for the person. */
export const ACTORS = ['subject', 'guardian', 'operator', 'import'] as const;
export type Actor = (typeof ACTORS)[number];

/** Every kind of stop that blocks within its scope. */
export const STOP_KINDS = [
  'withdrawal',
  'objection',
  'suspension',
  'complaint',
  'hard_bounce',
  'unfollowed',
  'returned_post',
  'erasure',
  'freeze',
] as const;
export type StopKind = (typeof STOP_KINDS)[number];

/** Stands for every purpose, channel or recipient; allowed in withdrawals and suspensions only. */
export const ANY = '*';

/** Answers to a publisher, per event. */
export const EVENT_OUTCOMES = ['accepted', 'duplicate', 'skipped', 'parked', 'refused'] as const;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];

/** What somebody of the company may be. What each may do: `@kyoka/access`. */
export const STAFF_ROLES = [
  'administrator',
  'privacy',
  'marketing',
  'operator',
  'auditor',
] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];
