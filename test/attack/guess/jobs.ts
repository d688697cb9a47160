import { emailTemplates, phoneTemplates, type Template } from '@kyoka/sample';
import type { Contact } from '../people.js';

/** `before`, a number of `width` digits from `first` to `last`, `after`. */
export interface Job {
  readonly before: string;
  readonly first: number;
  readonly last: number;
  readonly width: number;
  readonly after: string;
}

const PHONE_FORMS = ['+81', '81', '0'];
/** 060, 070, 080 and 090, then a digit from 1, then seven: every mobile number that there is. */
const MOBILE = ['60', '70', '80', '90'].flatMap((range) =>
  Array.from({ length: 9 }, (_, n) => ({ before: `0${range}${n + 1}`, digits: 7, after: '' })),
);
/** Numbers on the opt-out list of the sample. */
const MORE_PEOPLE = { first: 90_000, last: 90_100 };

/** Every number in each form, and every address of the sample's patterns for so many people. */
export function everything(people: number): Job[] {
  const before = new Set([...MOBILE, ...phoneTemplates()].map((template) => template.before));
  const templates = [...MOBILE, ...phoneTemplates()].filter(({ before: own }) =>
    before.delete(own),
  );
  return [...templates.flatMap(phoneJobs), ...emailJobs(people)];
}

/** As `everything`, but of the numbers only those that differ from one of these people's in the last digits. */
export function slice(
  people: number,
  contacts: readonly Contact[],
  { digits = 4 }: { readonly digits?: number } = {},
): Job[] {
  const national = contacts
    .filter(({ kind }) => kind === 'phone')
    .map(({ normalised }) => `0${normalised.slice(3)}`.slice(0, -digits));
  const templates = [...new Set(national)].map((before) => ({
    before,
    digits,
    after: '',
  }));
  return [...templates.flatMap(phoneJobs), ...emailJobs(people)];
}

function phoneJobs({ before, digits, after }: Template): Job[] {
  return PHONE_FORMS.map((form) => ({
    before: `${form}${before.slice(1)}`,
    first: 0,
    last: 10 ** digits - 1,
    width: digits,
    after,
  }));
}

function emailJobs(people: number): Job[] {
  return emailTemplates().flatMap(({ before, digits, after }) =>
    [{ first: 1, last: people }, MORE_PEOPLE].map((numbers) => ({
      before,
      ...numbers,
      width: digits,
      after,
    })),
  );
}

export const candidatesOf = (jobs: readonly Job[]): number =>
  jobs.reduce((sum, { first, last }) => sum + last - first + 1, 0);
