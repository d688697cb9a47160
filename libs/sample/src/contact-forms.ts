import type { Random } from './random.js';

/**
 * Addresses and numbers as people and shops write them. Every local part is invented and numbered;
 * domains are example domains but where a rule is about the real one (dots of Gmail, carriers that took
 * odd local parts, relays of malls). Numbers are well-formed and come from the seed.
 */

const HEX = '0123456789abcdef';
const ALNUM = '0123456789abcdefghijklmnopqrstuvwxyz';

export const FAMILY = [
  'sato',
  'suzuki',
  'takahashi',
  'tanaka',
  'ito',
  'watanabe',
  'yamamoto',
  'nakamura',
  'kobayashi',
  'kato',
  'yoshida',
  'yamada',
  'sasaki',
  'yamaguchi',
  'matsumoto',
  'inoue',
  'kimura',
  'hayashi',
  'shimizu',
  'saito',
];
export const GIVEN = [
  'hanako',
  'taro',
  'yoko',
  'keiko',
  'haruto',
  'sakura',
  'akira',
  'yui',
  'naoko',
  'kenji',
  'misaki',
  'daiki',
  'aoi',
  'mariko',
  'jun',
  'emi',
];

export interface PersonName {
  readonly family: string;
  readonly given: string;
}

export const nameOf = (random: Random): PersonName => ({
  family: random.pick(FAMILY),
  given: random.pick(GIVEN),
});

type EmailForm = (
  name: PersonName,
  number: string,
  random: Pick<Random, 'pick' | 'text'>,
) => string;

export const EMAIL_FORMS: readonly (readonly [weight: number, form: EmailForm])[] = [
  [
    58,
    ({ family, given }, n, random) =>
      `${given}.${family}${n}@${random.pick(['example.jp', 'example.com', 'example.co.jp', 'mail.example.jp'])}`,
  ],
  [3, ({ family, given }, n) => ` ${capital(given)}.${capital(family)}${n}@Example.JP `],
  [20, ({ family, given }, n) => `kyoka.${given}.${family}.${n}@gmail.com`],
  [5, ({ family, given }, n) => `kyoka${given}${family}${n}+shop@gmail.com`],
  [3, ({ given }, n) => `kyoka..${given}${n}.@docomo.ne.jp`],
  [3, ({ family }, n) => `.kyoka${family}..${n}@ezweb.ne.jp`],
  [4, (_name, n, random) => `${random.text(ALNUM, 8)}${n}@privaterelay.appleid.com`],
  [2, (_name, n) => `info@shop${n}.example.co.jp`],
  [1, ({ given }, n) => `${given}${n}(at)example.jp`],
  [1, ({ given }, n) => `${given}${n}@`],
];

export const emailOf = (name: PersonName, number: string, random: Random): string =>
  random.weighted(EMAIL_FORMS)(name, number, random);

/** Another spelling that reaches the same mailbox, as typed at another shop. */
export function otherSpelling(email: string): string {
  const [local = '', domain = ''] = email.trim().split('@');
  return domain === 'gmail.com'
    ? `${local.replace(/\+.*$/, '').replaceAll('.', '')}@gmail.com`
    : `${local}@${domain.toUpperCase()}`;
}

export const RELAY_OF_MALL: Readonly<Record<string, (random: Random) => string>> = {
  'mall.rakuten': (random) =>
    `${random.text(HEX, 32)}s1@${random.pick(['pc', 'mb', 'dm'])}.fw.rakuten.ne.jp`,
  'mall.amazon': (random) => `${random.text(ALNUM, 14)}@marketplace.amazon.co.jp`,
};

export const AREAS: readonly (readonly [area: string, first: string, rest: number])[] = [
  ['03', '3', 7],
  ['06', '6', 7],
  ['052', '2', 6],
  ['011', '2', 6],
  ['092', '4', 6],
];

export const MOBILE_RANGES = [
  [5, '060'],
  [20, '070'],
  [35, '080'],
  [40, '090'],
] as const;

/** Digits of a number, national form: mostly mobile, some fixed lines. */
export function numberOf(random: Random): string {
  if (random.chance(0.12)) {
    const [area, first, rest] = random.pick(AREAS);
    return `${area}${first}${random.text('0123456789', rest)}`;
  }
  const range = random.weighted(MOBILE_RANGES);
  return `${range}${random.text('123456789', 1)}${random.text('0123456789', 7)}`;
}

/** What shops get in place of a number. */
export const UNUSABLE_NUMBERS = [
  '000-0000-0000',
  '0120-000-000',
  '03-1234',
  '110',
  'なし',
  '9999-9999',
] as const;

/** The same number as different people type it. */
export function spellNumber(digits: string, random: Random): string {
  const head =
    digits.length === 11 ? 3 : digits.startsWith('03') || digits.startsWith('06') ? 2 : 3;
  const parts = [digits.slice(0, head), digits.slice(head, -4), digits.slice(-4)];
  return random.weighted([
    [55, parts.join('-')],
    [20, digits],
    [8, `+81${digits.slice(1)}`],
    [5, `+81 ${parts.join(' ').slice(1)}`],
    [
      6,
      parts.join('－').replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
    ],
    [6, `${parts[0]}(${parts[1]})${parts[2]}`],
  ]);
}

export const lineIdOf = (random: Random): string => `U${random.text(HEX, 32)}`;

const CITIES = [
  '〒150-0001 東京都渋谷区神宮前',
  '〒530-0001 大阪府大阪市北区梅田',
  '〒460-0008 愛知県名古屋市中区栄',
  '〒060-0001 北海道札幌市中央区北一条西',
  '〒810-0001 福岡県福岡市中央区天神',
];

/** A block 0 exists nowhere. */
export const postalOf = (name: PersonName, number: string, random: Random): string =>
  `${random.pick(CITIES)}0-${number} ${name.family} ${name.given}`;

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
