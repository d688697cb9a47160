import { all, any, BY_SOURCE, CONTACT, not, rule, type Rule } from './rule.js';

/** Where the data came from, and the contact point it would be used at. */
export const SOURCES_AND_CONTACTS: readonly Rule[] = [
  rule('source_contract_forbids', [
    all(BY_SOURCE, 'sourceForbids'),
    '{forbids}',
    'the terms of the source do not permit the use',
  ]),
  rule('source_retention_over', [
    all(BY_SOURCE, 'sourceOver'),
    '{over}',
    'the source lets the data be used for a time that is over',
  ]),
  rule('notice_missing', [
    all(BY_SOURCE, 'noticeMissing'),
    '{policy}#/consent_at_acquisition',
    'the notice was not shown before the data was given',
  ]),
  rule('contact_relay', [
    all(CONTACT, 'contactRelay', any('ads', 'optional')),
    '{purpose}',
    "a mall's masked address carries the mall's own transaction only",
  ]),
  rule(
    'contact_unusable',
    [all(CONTACT, 'contactInvalid'), '{purpose}', 'the contact point can not be used'],
    [
      all(CONTACT, 'ads', 'contactUnmatchable'),
      '{policy}#/ad_matching/items',
      'an alias or a role address is never matched',
    ],
  ),
  rule('contact_unconfirmed', [
    all(CONTACT, 'confirmationNeeded', not('contactConfirmed')),
    '{policy}#/confirmed_contact',
    'the person has not confirmed the contact point',
  ]),
  rule('contact_missing', [
    all('contactNeeded', 'subjectKnown', not('contactGiven')),
    '{purpose}',
    'there is no contact point for the channel',
  ]),
];
