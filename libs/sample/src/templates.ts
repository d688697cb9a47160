import {
  AREAS,
  EMAIL_FORMS,
  FAMILY,
  GIVEN,
  MOBILE_RANGES,
  otherSpelling,
} from './contact-forms.js';
import type { Random } from './random.js';

/** Every text of this form, with any number of `digits` digits at its place, may be one that the sample writes. */
export interface Template {
  readonly before: string;
  readonly digits: number;
  readonly after: string;
}

/** People are numbered in five digits. */
const NUMBER = '00000';
const MOST_CHOICES = 8;

/**
 * Every address of the sample but those with a random local part: each name in each form, as typed and
 * in the other spellings that reach the same mailbox.
 */
export function emailTemplates(): Template[] {
  const texts = new Set<string>();
  for (const family of FAMILY) {
    for (const given of GIVEN) {
      for (const [, form] of EMAIL_FORMS) {
        for (const typed of everyChoice((random) => form({ family, given }, NUMBER, random))) {
          const lower = typed.trim().toLowerCase();
          const forms = [typed, typed.trim(), lower, otherSpelling(typed), otherSpelling(lower)];
          for (const text of forms) texts.add(text);
        }
      }
    }
  }
  return [...texts].map((text) => {
    const [before = '', after = ''] = text.split(NUMBER);
    return { before, digits: NUMBER.length, after };
  });
}

/** Every number of a phone in the ranges that the sample draws from, in national form. */
export function phoneTemplates(): Template[] {
  const ones = (first: number) => Array.from({ length: 10 - first }, (_, n) => String(first + n));
  return [
    ...MOBILE_RANGES.flatMap(([, range]) =>
      ones(1).map((digit) => ({ before: `${range}${digit}`, digits: 7, after: '' })),
    ),
    ...AREAS.map(([area, first, digits]) => ({ before: `${area}${first}`, digits, after: '' })),
  ];
}

/** What `make` gives for each thing it may pick; nothing where it draws a random text. */
function everyChoice(make: (random: Pick<Random, 'pick' | 'text'>) => string): string[] {
  const made = new Set<string>();
  for (let choice = 0; choice < MOST_CHOICES; choice++) {
    let isRandom = false;
    const pick = <T>(list: readonly T[]): T => list[choice % list.length] as T;
    const text = (): string => {
      isRandom = true;
      return '';
    };
    const value = make({ pick, text });
    if (!isRandom) made.add(value);
  }
  return [...made];
}
