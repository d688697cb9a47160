import { describe, expect, it } from 'vitest';
import { normaliseContact } from './index.js';

const lineId = `U${'0123456789abcdef'.repeat(2)}`;

describe('a LINE user id', () => {
  it('is taken as LINE writes it', () => {
    expect(normaliseContact('line', ` ${lineId}\n`)).toMatchObject({
      class: 'personal',
      value: lineId,
    });
  });

  it.each([
    ['', 'empty', 'nothing'],
    [lineId.toLowerCase(), 'not_a_line_id', 'user ids begin with a capital U'],
    [lineId.replace('U', 'C'), 'not_a_line_id', 'id of a group'],
    [`${lineId}0`, 'not_a_line_id', 'one digit long'],
    ['@shop', 'not_a_line_id', 'name of an account'],
  ])('refuses %j as %s: %s', (raw, reason) => {
    expect(normaliseContact('line', raw)).toMatchObject({ class: 'invalid', reason });
  });
});

describe('a postal address', () => {
  it.each([
    [' 東京都　見本区  1−2 ', '{"text":"東京都 見本区 1−2"}', 'free text'],
    [
      '{"line1":"見本町１","postalCode":"〒１０００００１","city":" 見本区 ","line2":""}',
      '{"city":"見本区","line1":"見本町1","postalCode":"100-0001"}',
      'parts, sorted and cleaned, empty ones left out',
    ],
    [
      '{"postalCode":"a7e2fk2","name":"見本 花子"}',
      '{"name":"見本 花子","postalCode":"A7E-2FK2"}',
      'digital address',
    ],
    ['{"postalCode":"100ー0001"}', '{"postalCode":"100-0001"}', 'long-vowel mark for a hyphen'],
  ])('keeps %j as %j: %s', (raw, value) => {
    expect(normaliseContact('postal', raw)).toMatchObject({
      class: 'personal',
      value,
      fold: value,
    });
  });

  it.each([
    ['', 'empty', 'nothing'],
    ['{}', 'not_a_postal_address', 'no part'],
    ['{"name":"見本 花子"}', 'not_a_postal_address', 'nowhere to deliver'],
    ['{"line1":1}', 'not_a_postal_address', 'part that is no text'],
    ['{"line1":"見本町1","phone":"x"}', 'not_a_postal_address', 'unknown part'],
    ['{"__proto__":"x","line1":"見本町1"}', 'not_a_postal_address', 'unknown part'],
    ['{"line1":', 'not_a_postal_address', 'broken JSON'],
    ['{"postalCode":"999-9999","line1":"x"}', 'placeholder', 'gift not yet answered'],
    ['{"region":"入力待ち","line1":"x"}', 'placeholder', 'gift not yet answered'],
    ['あ'.repeat(1001), 'too_long', 'longer than any label'],
  ])('refuses %j as %s: %s', (raw, reason) => {
    expect(normaliseContact('postal', raw)).toMatchObject({ class: 'invalid', reason });
  });
});
