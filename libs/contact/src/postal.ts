import { canonicalJson } from '@kyoka/kernel';
import { invalid } from './normalised.js';
import type { InvalidReason, NormalisedContact } from './normalised.js';
import { clean, DASHES } from './text.js';

/** Characters of a whole address; printed labels hold far fewer. */
const LONGEST = 1000;

/** The parts an address may have. A value that isn't a JSON object is one `text`. */
const PARTS = [
  'country',
  'postalCode',
  'region',
  'city',
  'line1',
  'line2',
  'line3',
  'name',
  'text',
];

/** Parts of which one must be there for a letter to arrive; a digital address is a postal code alone. */
const LOCATING = ['postalCode', 'line1', 'text'];

/** Seven digits, or the seven letters and digits of a Japan Post digital address. */
const JP_POSTAL_CODE = /^([0-9a-z]{3})-?([0-9a-z]{4})$/i;

/** What a mall writes until the receiver of a gift has named an address (RMS SenderModel of a social gift). */
const PLACEHOLDERS: Parts = { postalCode: '999-9999', region: '入力待ち' };

type Parts = Readonly<Record<string, string>>;

/**
 * A postal address as canonical JSON of its parts, each cleaned, with one space where there was
 * white space; a Japanese postal code with its hyphen. Nothing is looked up or completed.
 */
export function normalisePostal(raw: string): NormalisedContact {
  const cleaned = clean(raw);
  if (cleaned === '') return invalid('postal', 'empty', cleaned);
  const parts = readParts(cleaned.startsWith('{') ? parse(cleaned) : { text: cleaned });
  if (parts === undefined) return invalid('postal', 'not_a_postal_address', cleaned);
  const reason = fault(parts);
  if (reason !== undefined) return invalid('postal', reason, cleaned);
  const value = canonicalJson(parts);
  return { kind: 'postal', class: 'personal', value, fold: value };
}

function parse(text: string): object {
  try {
    return JSON.parse(text) as object;
  } catch {
    return {};
  }
}

function readParts(given: object): Parts | undefined {
  const parts: Record<string, string> = {};
  for (const [part, value] of Object.entries<unknown>({ ...given })) {
    if (!PARTS.includes(part) || typeof value !== 'string') return undefined;
    const normal = part === 'postalCode' ? postalCode(value) : squeeze(value);
    if (normal !== '') parts[part] = normal;
  }
  return parts;
}

function fault(parts: Parts): InvalidReason | undefined {
  const entries = Object.entries(parts);
  if (entries.reduce((sum, [, value]) => sum + value.length, 0) > LONGEST) return 'too_long';
  if (entries.some(([part, value]) => PLACEHOLDERS[part] === value)) return 'placeholder';
  return LOCATING.some((part) => parts[part] !== undefined) ? undefined : 'not_a_postal_address';
}

function postalCode(value: string): string {
  const normal = squeeze(value).replaceAll('〒', '').replace(DASHES, '-').trim();
  return normal.replace(JP_POSTAL_CODE, (_, area: string, town: string) =>
    `${area}-${town}`.toUpperCase(),
  );
}

function squeeze(value: string): string {
  return clean(value.replace(/\p{Cc}/gu, ' ')).replace(/\s+/gu, ' ');
}
