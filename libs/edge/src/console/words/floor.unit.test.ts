import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WeakerPoint } from '@kyoka/policy';
import { expect, it } from 'vitest';
import { articleText, floorText } from './floor.js';

const PACK = readFileSync(
  join(import.meta.dirname, '../../../../../deploy/legal/jp-2022.yaml'),
  'utf8',
);
const articles = [...PACK.matchAll(/article: '?([^'\n}]+?)'?(?: \}|,|\n)/g)].map(
  (one) => one[1] ?? '',
);

it('cites every provision of the legal pack in Japanese', () => {
  expect(articles.length).toBeGreaterThan(40);
  expect(articles.filter((one) => /[A-Za-z]/.test(articleText(one, 'ja')))).toEqual([]);
});

it.each([
  ['APPI Art. 27(2)(vi), 27(2)(vii)', '個人情報保護法第27条第2項第6号、第27条第2項第7号'],
  [
    'APPI Art. 32(1)(iv); Cabinet Order Art. 10(iii)',
    '個人情報保護法第32条第1項第4号、個人情報保護法施行令第10条第3号',
  ],
  ['Email Act Art. 4; ASCT Art. 12-3(4)', '特定電子メール法第4条、特定商取引法第12条の3第4項'],
  [
    'APPI Art. 29; Enforcement Rules Art. 19 to 21',
    '個人情報保護法第29条、個人情報保護法施行規則第19条～第21条',
  ],
  ['PPC General Guidelines 3-8-7', '個人情報保護法ガイドライン（通則編）3-8-7'],
  ['GDPR Art. 6', 'GDPR Art. 6'],
])('cites %s', (article, said) => {
  expect(articleText(article, 'ja')).toBe(said);
  expect(articleText(article, 'en')).toBe(article);
});

it('tells the floor in the language of the page, with what it names', () => {
  const point: WeakerPoint = {
    code: 'suspension_grounds',
    field: '/rights/suspension/grounds',
    article: 'APPI Art. 35(5)',
    about: ['leak', 'no_longer_needed'],
    floor: 'leak, no_longer_needed too',
  };
  expect(floorText(point, 'ja')).toBe(
    '次の理由でも応じる：漏えいなどの発生、利用する必要がなくなった',
  );
  expect(floorText(point, 'en')).toBe('leak, no_longer_needed too');
  expect(floorText({ ...point, code: 'review_months', about: [12] }, 'ja')).toBe(
    '12か月ごとの確認',
  );
});
