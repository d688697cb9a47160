import { invalid } from './normalised.js';
import type { NormalisedContact } from './normalised.js';
import { clean } from './text.js';

/** LINE Messaging API, `source.userId` of a webhook event. */
const USER_ID = /^U[0-9a-f]{32}$/;

export function normaliseLine(raw: string): NormalisedContact {
  const value = clean(raw);
  if (value === '') return invalid('line', 'empty', value);
  if (!USER_ID.test(value)) return invalid('line', 'not_a_line_id', value);
  return { kind: 'line', class: 'personal', value, fold: value };
}
