import { clean, DASHES } from '@kyoka/contact';
import type { Formed } from './formed.js';

/** ISO 3166-1 alpha-2 code in upper case, as Google wants it (sent plain). */
export function googleRegionCode(raw: string): Formed {
  return country(raw, (code) => code.toUpperCase());
}

/** The same code in lower case, as Meta wants it (hashed). */
export function metaCountry(raw: string): Formed {
  return country(raw, (code) => code.toLowerCase());
}

function country(raw: string, write: (code: string) => string): Formed {
  const code = clean(raw);
  if (code === '') return { reason: 'empty' };
  return /^[a-z]{2}$/i.test(code) ? { form: write(code) } : { reason: 'not_a_country' };
}

/** Google's postal code: trimmed, otherwise as the country writes it (sent plain). Width and dashes are folded. */
export function googlePostalCode(raw: string): Formed {
  const code = clean(raw).replace(DASHES, '-');
  if (code === '') return { reason: 'empty' };
  return /^(?=.*\d)[a-z\d](?:[a-z\d -]{0,14}[a-z\d])?$/i.test(code)
    ? { form: code }
    : { reason: 'not_a_postal_code' };
}
