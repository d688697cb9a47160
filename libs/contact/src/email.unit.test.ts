import { describe, expect, it } from 'vitest';
import { normaliseContact } from './index.js';

const email = (raw: string) => normaliseContact('email', raw);

describe('an email address', () => {
  it.each([
    ['Taro@Example.CO.JP\r\n', 'taro@example.co.jp', 'case and line end'],
    ['ＴＡＲＯ＠ＥＸＡＭＰＬＥ．ＣＯ．ＪＰ', 'taro@example.co.jp', 'full width'],
    ['\u3000taro@example.co.jp\u00a0', 'taro@example.co.jp', 'ideographic and no-break spaces'],
    ['\ufefftaro\u200b@example.co.jp', 'taro@example.co.jp', 'invisible marks'],
    ['taro..yamada.@docomo.ne.jp', 'taro..yamada.@docomo.ne.jp', 'old carrier address'],
    ['.ta-ro_@ezweb.ne.jp', '.ta-ro_@ezweb.ne.jp', 'leading dot of an old carrier address'],
    ['a?b/c@ezweb.ne.jp', 'a?b/c@ezweb.ne.jp', 'marks that RFC 5322 allows'],
    ['taro+shop@example.jp', 'taro+shop@example.jp', 'the suffix belongs to the address'],
    ['taro@xn--r8jz45g.jp', 'taro@xn--r8jz45g.jp', 'encoded international domain'],
    [`${'a'.repeat(243)}@example.jp`, `${'a'.repeat(243)}@example.jp`, 'the longest, 254'],
  ])('keeps %j as %j: %s', (raw, value) => {
    expect(email(raw)).toMatchObject({ kind: 'email', class: 'personal', value });
  });

  it.each([
    ['', 'empty', 'nothing'],
    [' \u3000\u200b ', 'empty', 'nothing that can be seen'],
    ['quinn', 'not_an_address', 'no @'],
    ['taro@', 'not_an_address', 'no domain'],
    ['@example.jp', 'not_an_address', 'no local part'],
    ['taro@@example.jp', 'not_an_address', 'two @'],
    ['a@b@c.jp', 'not_an_address', 'two @'],
    ['taro@example', 'not_an_address', 'domain without a dot'],
    ['taro@example..jp', 'not_an_address', 'empty label'],
    ['taro@.example.jp', 'not_an_address', 'empty label in front'],
    ['taro@example.jp.', 'not_an_address', 'empty label behind'],
    ['taro@-example.jp', 'not_an_address', 'label that begins with a hyphen'],
    ['taro@192.0.2.1', 'not_an_address', 'an IP address is no domain'],
    ['taro yamada@example.jp', 'not_an_address', 'space inside'],
    ['taro\u3000yamada@example.jp', 'not_an_address', 'ideographic space inside'],
    ['Taro <taro@example.jp>', 'not_an_address', 'name beside the address'],
    ['taro@example.jp, hanako@example.jp', 'not_an_address', 'two addresses'],
    ['mailto:taro@example.jp', 'not_an_address', 'a link, not an address'],
    ['ta\u0000ro@example.jp', 'not_ascii', 'control character'],
    ['太郎@example.jp', 'not_ascii', 'local part in kanji'],
    ['taro@例え.jp', 'not_ascii', 'domain in kanji'],
    [`${'a'.repeat(244)}@example.jp`, 'too_long', '255 characters'],
    [
      '07e2f1394b0ea80e2adca010ea8318df697001a005ba7452720edda4b0ce57b3',
      'already_hashed',
      'SHA-256',
    ],
    [
      '07E2F1394B0EA80E2ADCA010EA8318DF697001A005BA7452720EDDA4B0CE57B3',
      'already_hashed',
      'upper case',
    ],
    ['da39a3ee5e6b4b0d3255bfef95601890afd80709', 'already_hashed', 'SHA-1'],
    [' d41d8cd98f00b204e9800998ecf8427e', 'already_hashed', 'MD5'],
    ['B+LxOUsOqA4q3KAQ6oMY32lwAaAFunRScg7dpLDOV7M=', 'already_hashed', 'base64 of SHA-256'],
    ['B-LxOUsOqA4q3KAQ6oMY32lwAaAFunRScg7dpLDOV7M', 'already_hashed', 'base64url of SHA-256'],
  ])('refuses %j as %s: %s', (raw, reason) => {
    expect(email(raw)).toMatchObject({ class: 'invalid', reason });
  });
});

describe('the class of an address', () => {
  it.each([
    ['815db15ff6ee7c0285bf7f5ce8485450s1@pc.fw.rakuten.ne.jp', 'relay', 'Rakuten order'],
    ['00000000000000000000000000000000s9@dm.fw.rakuten.ne.jp', 'relay', 'Rakuten inquiry'],
    ['00000000000000000000000000000000s9@mb.fw.rakuten.ne.jp', 'relay', 'Rakuten, mobile'],
    ['x@FW.RAKUTEN.NE.JP', 'relay', 'case does not matter'],
    ['a1b2c3d4e5f6g7h@marketplace.amazon.co.jp', 'relay', 'Amazon Japan'],
    ['a1b2c3d4e5f6g7h@m.marketplace.amazon.co.jp', 'relay', 'Amazon, sub-domain'],
    ['buyer-email@marketplace.amazon.co.uk', 'relay', 'Amazon elsewhere'],
    ['buyer@marketplace.amazon.com', 'relay', 'Amazon, one-label top level'],
    ['someone@x.mbdp.jp', 'relay', 'au PAY Market'],
    ['info@marketplace.amazon.co.jp', 'relay', 'relay before role'],
    ['abcd1234ef@privaterelay.appleid.com', 'alias', 'Sign in with Apple'],
    ['abcd1234ef@private.icloud.com', 'alias', 'Sign in with Apple, newer addresses'],
    ['abcdefghi@mozmail.com', 'alias', 'Firefox Relay'],
    ['shop@taro.mozmail.com', 'alias', 'Firefox Relay, own sub-domain'],
    ['shop@taro.anonaddy.com', 'alias', 'addy.io'],
    ['taro@icloud.com', 'personal', 'real mailboxes live there too'],
    ['user+tag@example.co.jp', 'personal', 'a suffix makes no alias'],
    ['taro@rakuten.example', 'personal', 'another domain'],
    ['x@notfw.rakuten.ne.jp.example', 'personal', 'anchored at the end'],
    ['x@evilfw.rakuten.ne.jp', 'personal', 'label boundary'],
    ['x@marketplace.amazon.example.co.jp', 'personal', 'not Amazon'],
    ['x@xmarketplace.amazon.co.jp', 'personal', 'label boundary'],
    ['taro.@docomo.example', 'personal', 'dot before the @'],
    ['ta..ro@ezweb.example', 'personal', 'double dot'],
    ['info@example.jp', 'role', 'RFC 2142'],
    ['Postmaster@example.jp', 'role', 'RFC 2142, case'],
    ['support+ec@example.jp', 'role', 'suffix behind the name'],
    ['otoiawase@example.jp', 'role', 'Japanese desk'],
    ['info.taro@example.jp', 'personal', 'only the whole local part is a name'],
    ['test@gmail.com', 'personal', 'a vendor sample that must be accepted'],
  ])('of %s is %s: %s', (raw, expected) => {
    expect(email(raw).class).toBe(expected);
  });
});
