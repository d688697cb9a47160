import { CONSENTS_AND_STOPS } from './consents-and-stops.js';
import { GRANTS } from './grants.js';
import { PROVISION } from './provision.js';
import type { Rule } from './rule.js';
import { SOURCES_AND_CONTACTS } from './sources-and-contacts.js';
import { UNKNOWN } from './unknown.js';
import { USE } from './use.js';

/**
 * The one table of refusals: a use is allowed where no ground applies. Nothing decides outside it.
 * In the order of the closed list; `not_permitted` is given by the HTTP edge alone.
 */
export const RULES: readonly Rule[] = [
  ...UNKNOWN,
  ...GRANTS,
  ...SOURCES_AND_CONTACTS,
  ...CONSENTS_AND_STOPS,
  ...PROVISION,
  ...USE,
];
