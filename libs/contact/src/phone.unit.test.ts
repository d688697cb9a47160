import { describe, expect, it } from 'vitest';
import { normaliseContact } from './index.js';

const phone = (raw: string) => normaliseContact('phone', raw);

describe('a phone number', () => {
  it.each([
    ['090-1234-5678', 'hyphens'],
    ['(090)1234-5678', 'brackets'],
    ['090.1234.5678', 'dots'],
    ['090・1234・5678', 'middle dots'],
    ['０９０－１２３４－５６７８', 'full width'],
    ['０９０ー１２３４ー５６７８', 'long-vowel mark for a hyphen'],
    ['０９０−１２３４−５６７８', 'minus sign'],
    ['090\u20101234\u20105678', 'Unicode hyphen'],
    ['（０９０）１２３４－５６７８', 'full-width brackets'],
    ['+81 90-1234-5678', 'international'],
    ['+81 (0)90-1234-5678', 'trunk zero in brackets'],
    ['＋８１９０１２３４５６７８', 'full-width plus'],
    ['81-90-1234-5678', 'country code without plus'],
    ['81 (0)90 1234 5678', 'country code without plus, trunk zero'],
    ['0081 90 1234 5678', 'dialled from abroad'],
    ['010 81 90 1234 5678', "behind Japan's own prefix"],
    ['\u3000090-1234-5678\u3000', 'spaces around'],
    ['090\u200b12345678', 'invisible mark'],
    ['tel:090-1234-5678', 'telephone link'],
  ])('reads %j: %s', (raw) => {
    expect(phone(raw)).toEqual({
      kind: 'phone',
      class: 'personal',
      value: '+819012345678',
      fold: '+819012345678',
      line: 'mobile',
    });
  });

  it.each([
    ['060-1234-5678', '+816012345678', 'mobile', 'range in use since 2026'],
    ['070-1234-5678', '+817012345678', 'mobile', 'mobile'],
    ['080-1234-5678', '+818012345678', 'mobile', 'mobile'],
    ['050-1234-5678', '+815012345678', 'voip', 'IP phone'],
    ['03-1234-5678', '+81312345678', 'fixed', 'Tokyo'],
    ['06-6123-4567', '+81661234567', 'fixed', 'Osaka'],
    ['03-3333-3333', '+81333333333', 'fixed', 'one digit repeated, and still assigned'],
    ['+86 138 0013 8000', '+8613800138000', 'mobile', 'abroad'],
    ['00 1 650-253-0000', '+16502530000', 'mobile', 'prefix of calls from most countries'],
    ['+1 650-253-0000', '+16502530000', 'mobile', 'may be either in North America'],
  ])('%s is %s, %s: %s', (raw, value, line) => {
    expect(phone(raw)).toMatchObject({ class: 'personal', value, line });
  });

  it.each([
    ['', 'empty', 'nothing'],
    ['\u3000', 'empty', 'white space'],
    ['++++', 'not_a_number', 'no digit'],
    ['+abc-DEF', 'not_a_number', 'letters'],
    ['taro@example.co.jp', 'not_a_number', 'address in the phone column'],
    ['090-1234-5678 (自宅)', 'not_a_number', 'a note beside the number'],
    ['090-****-5678', 'not_a_number', 'masked'],
    ['090-1234-5678/03-1234-5678', 'not_a_number', 'two numbers'],
    ['110', 'emergency', 'police'],
    ['119', 'emergency', 'fire'],
    ['12345', 'too_short', 'short code'],
    ['123456789012345678901234', 'too_long', 'more digits than any number has'],
    [`${' 0'.repeat(40)}9`, 'too_long', 'longer than a phone field'],
    ['000-0000-0000', 'placeholder', 'filler'],
    ['999-9999-9999', 'placeholder', 'a gift whose receiver has not answered'],
    ['09000000000', 'not_assignable', '090-0 is not assigned'],
    ['090-0000-1234', 'not_assignable', 'number of documentation'],
    ['03-0000-0000', 'not_assignable', 'no exchange begins with zero'],
    ['060-0123-4567', 'not_assignable', '060-0 is not assigned'],
    ['090-1234-567', 'not_assignable', 'one digit short'],
    ['090-1234-56789', 'not_assignable', 'one digit long'],
    ['9012345678', 'no_prefix', 'a lost zero, or a number of another country: not guessed'],
    ['3234567890', 'no_prefix', 'a number that names no country'],
    ['0120-123-456', 'toll_free', 'business'],
    ['0800-123-4567', 'toll_free', 'business'],
    ['+1 800 555 0100', 'toll_free', 'business abroad'],
    ['0570-000-123', 'business_number', 'navi-dial'],
    ['0990-123-456', 'premium_rate', 'paid service'],
    ['020-1234-5678', 'machine', 'machine-to-machine'],
    [
      '3d06a39d40790f11761295e053029378ae28c4b4f6f301693005e079f3d4ca64',
      'already_hashed',
      'SHA-256',
    ],
    ['01234567890123456789012345678901', 'already_hashed', 'MD5 that happens to be all digits'],
  ])('refuses %j as %s: %s', (raw, reason) => {
    expect(phone(raw)).toMatchObject({ class: 'invalid', reason });
  });

  it('keeps one fold for the spellings of an unusable number, so that a stop on it is found', () => {
    expect(phone('０１２０ー１２３ー４５６').fold).toBe(phone('+81 120 123456').fold);
    expect(phone('090-0000-1234').fold).toBe(phone('+81 (0)90 0000 1234').fold);
  });
});
