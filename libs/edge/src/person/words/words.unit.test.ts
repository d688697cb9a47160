import { faultsOfWords } from '@kyoka/pages';
import { expect, it } from 'vitest';
import { ACT_WORDS, PREFERENCE_WORDS } from './page-words.js';
import { GROUND_WORDS, groundsOf, isStoppable } from './reasons.js';

it.each([PREFERENCE_WORDS, ACT_WORDS, GROUND_WORDS])(
  'says everything in both languages',
  (words) => {
    expect(faultsOfWords(words)).toEqual([]);
  },
);

it('tells the person their own grounds, and the company’s only where there is no other', () => {
  expect(groundsOf(['consent_withdrawn', 'recipient_disabled', 'suppressed_objection'])).toEqual([
    'stopped',
  ]);
  expect(groundsOf(['recipient_disabled', 'outside_period'])).toEqual(['company']);
});

it('offers a stop for what is only the company’s own reason not to use it', () => {
  expect(isStoppable(groundsOf(['recipient_disabled']))).toBe(true);
  expect(isStoppable(groundsOf(['consent_missing', 'legal_floor']))).toBe(false);
});
