import { clean, looksLikeDigest } from '@kyoka/contact';
import type { Formed } from './formed.js';

const LONGEST = 256;

/** Google: honorifics before a given name (Data Manager API, formatting of user data). */
const PREFIX = /^(?:mr|mrs|ms|dr)\.(?:\s+|$)/;

/** Google: generational and professional suffixes behind a family name (same page and helper library). */
const SUFFIX = /(?:,\s*|\s+)(?:jr\.?|sr\.?|2nd|3rd|ii|iii|iv|v|vi|cpa|dc|dds|vm|jd|md|phd)$/;

/** Google's given name: lower case without honorific. Japanese names stay in their own script. */
export function googleGivenName(raw: string): Formed {
  return named(raw, (name) => dropAll(name, PREFIX));
}

/** Google's family name: lower case without suffix. */
export function googleFamilyName(raw: string): Formed {
  return named(raw, (name) => dropAll(name, SUFFIX));
}

/** Meta's first or last name: lower case, no punctuation, UTF-8 in any script (customer information parameters, `fn`). */
export function metaName(raw: string): Formed {
  return named(raw, (name) => name.replace(/\p{P}/gu, ''));
}

function named(raw: string, rule: (name: string) => string): Formed {
  const cleaned = clean(raw);
  if (cleaned === '') return { reason: 'empty' };
  if (cleaned.length > LONGEST) return { reason: 'too_long' };
  if (looksLikeDigest(cleaned)) return { reason: 'already_hashed' };
  const lower = clean(cleaned.toLowerCase());
  const form = clean(rule(lower)).replace(/\s+/gu, ' ');
  return /\p{L}/u.test(form) ? { form } : { reason: 'nothing_left' };
}

function dropAll(name: string, pattern: RegExp): string {
  let shorter = name;
  for (let before = ''; before !== shorter;) {
    before = shorter;
    shorter = shorter.replace(pattern, '').trim();
  }
  return shorter;
}
