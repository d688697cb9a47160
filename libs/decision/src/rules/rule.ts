import type { Expression } from '../expression.js';
import type { PersonAtom } from '../person-atoms.js';
import type { ReasonCode } from '../reason-codes.js';
import type { RequestAtom } from '../request-atoms.js';

export type AtomName = RequestAtom | PersonAtom;

export type When = Expression<AtomName>;

export interface Ground {
  readonly when: When;
  /** What says so, with `{places}` filled in from the terms: policy file, source contract or legal pack. */
  readonly rule: string;
  readonly detail: string;
}

/** One reason and every ground on which it applies. */
export interface Rule {
  readonly code: ReasonCode;
  readonly grounds: readonly Ground[];
}

export const all = (...parts: When[]): When => ({ all: parts });
export const any = (...parts: When[]): When => ({ any: parts });
export const not = (part: When): When => ({ not: part });

export const rule = (code: ReasonCode, ...grounds: [When, string, string][]): Rule => ({
  code,
  grounds: grounds.map(([when, place, detail]) => ({ when, rule: place, detail })),
});

/** The purpose, so the policy too, and the person are known: what a person's facts are read against. */
export const ASKED: When = all('subjectKnown', 'purposeKnown');
export const CONSENT_NEEDED: When = any('consentAsked', 'channelByConsent');
export const BY_CONSENT: When = all(ASKED, 'channelKnown', CONSENT_NEEDED, 'consentsGiven');
export const ADS: When = all('ads', 'policyKnown');
export const CONTACT: When = all('contactNeeded', 'subjectKnown', 'contactGiven');
/** No source allows the use by itself, so each source's own ground counts. */
export const BY_SOURCE: When = all(ASKED, 'channelKnown', not('duty'), not('sourceAllows'));
export const REGISTERED: When = all('policyKnown', 'recipientInvolved');
/** A third party outside ads that may hold data by consent only. */
export const BY_PROVISION_CONSENT: When = all(REGISTERED, 'byProvisionConsent', 'basisInPolicy');
