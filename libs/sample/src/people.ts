import { DAY, type Instant } from '@kyoka/kernel';
import {
  emailOf,
  lineIdOf,
  nameOf,
  numberOf,
  otherSpelling,
  postalOf,
  RELAY_OF_MALL,
  spellNumber,
  UNUSABLE_NUMBERS,
} from './contact-forms.js';
import type { Random } from './random.js';

type StoreCategory = 'member' | 'non_member';

type SampleContact = Readonly<{
  kind: 'email' | 'phone' | 'line' | 'postal';
  value: string;
}>;

/** One record of a person at one source. */
export interface SampleRecord {
  readonly source: 'store' | 'form_abandoned' | 'mall.rakuten' | 'mall.amazon' | 'mall.yahoo';
  readonly ref: string;
  readonly category: StoreCategory | 'mall_customer';
  readonly contacts: readonly SampleContact[];
  readonly since: Instant;
}

export interface Person {
  readonly number: string;
  readonly random: Random;
  readonly records: readonly SampleRecord[];
  readonly lineId: string | undefined;
}

const MALLS = [
  [16, 'mall.rakuten'],
  [10, 'mall.amazon'],
  [8, 'mall.yahoo'],
] as const;
type Mall = (typeof MALLS)[number][1];

const REF_PREFIX = {
  store: 'c',
  form_abandoned: 'f',
  'mall.rakuten': 'r',
  'mall.amazon': 'a',
  'mall.yahoo': 'y',
} as const;

/** Two years, in days. */
const HISTORY_DAYS = 730;

/**
 * People with their records: most at one source, some at the store and a mall, some sharing a number or
 * an address with the person before them (a family).
 */
export function makePeople(random: Random, count: number, now: Instant): Person[] {
  const people: Person[] = [];
  for (let index = 1; index <= count; index++) {
    const own = random.fork(`person ${index}`);
    people.push(makePerson(own, String(index).padStart(5, '0'), now, people.at(-1)));
  }
  return people;
}

function makePerson(
  random: Random,
  number: string,
  now: Instant,
  before: Person | undefined,
): Person {
  const name = nameOf(random);
  const family = random.chance(0.05) ? before?.records[0]?.contacts : undefined;
  const email =
    (random.chance(0.5) ? valueOf(family, 'email') : undefined) ?? emailOf(name, number, random);
  const digits = numberOf(random);
  const phone = () =>
    valueOf(family, 'phone') ??
    (random.chance(0.03) ? random.pick(UNUSABLE_NUMBERS) : spellNumber(digits, random));
  const lineId = random.chance(0.15) ? lineIdOf(random) : undefined;
  const kind = random.weighted([
    [52, 'store'],
    [34, 'mall'],
    [14, 'both'],
  ] as const);
  const since =
    now - random.between(200, HISTORY_DAYS) * DAY - random.between(0, DAY / 1000) * 1000;
  const record = (
    source: SampleRecord['source'],
    category: SampleRecord['category'],
    contacts: readonly (SampleContact | undefined)[],
  ): SampleRecord => ({
    source,
    ref: `${REF_PREFIX[source]}-${number}`,
    category,
    contacts: contacts.filter((contact) => contact !== undefined),
    since,
  });

  const records: SampleRecord[] = [];
  if (kind !== 'mall') {
    const [source, category] = random.weighted([
      [64, ['store', 'member']],
      [31, ['store', 'non_member']],
      [5, ['form_abandoned', 'non_member']],
    ] as const);
    records.push(
      record(source, category, [
        random.chance(0.97) ? { kind: 'email', value: email } : undefined,
        random.chance(0.88) ? { kind: 'phone', value: phone() } : undefined,
        random.chance(0.25) ? { kind: 'postal', value: postalOf(name, number, random) } : undefined,
        lineId === undefined ? undefined : { kind: 'line', value: lineId },
      ]),
    );
  }
  if (kind !== 'store') {
    const mall = random.weighted(MALLS);
    records.push(
      record(mall, 'mall_customer', [
        {
          kind: 'email',
          value: mallEmail(mall, kind === 'both' ? otherSpelling(email) : email, random),
        },
        random.chance(0.9) ? { kind: 'phone', value: phone() } : undefined,
      ]),
    );
  }
  return { number, random, records, lineId };
}

function mallEmail(mall: Mall, email: string, random: Random): string {
  return RELAY_OF_MALL[mall]?.(random) ?? email;
}

function valueOf(
  contacts: readonly SampleContact[] | undefined,
  kind: SampleContact['kind'],
): string | undefined {
  return contacts?.find((contact) => contact.kind === kind)?.value;
}
