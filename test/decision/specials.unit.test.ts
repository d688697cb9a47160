import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const GOLDEN = 'test/golden/decisions';

interface Golden {
  readonly base: string;
  readonly why: string;
  readonly expect: 'allowed' | readonly string[];
}

/** Every golden case by what it starts from and why it is answered so. */
const cases = new Map<string, Golden['expect']>(
  readdirSync(GOLDEN)
    .filter((name) => name.endsWith('.cases.yaml'))
    .flatMap((name) => parse(readFileSync(join(GOLDEN, name), 'utf8')) as Golden[])
    .map((one) => [`${one.base}: ${one.why}`, one.expect] as const),
);

/** What the texts ask for beyond grants: the case that is allowed, and the one that is refused with its code. */
const SPECIALS: readonly (readonly [string, string, string, string])[] = [
  [
    'purposes by category',
    'member_order: members have member services',
    'member_order: non-members have none',
    'category_not_granted',
  ],
  [
    'purposes by source',
    "rakuten_order: the mall's own transaction through its masked address",
    'rakuten_order: transaction only until the operator confirms more',
    'source_contract_forbids',
  ],
  [
    'channels by purpose',
    'member_email: email is named',
    'member_email: support information names email and post; etc. widens nothing',
    'channel_not_named',
  ],
  [
    'an open list of channels',
    'weak_email: this text says that its list of channels is not closed and the own consent names LINE',
    'weak_email: an open list gives no channel that the own consent does not name',
    'consent_missing',
  ],
  [
    "partners' content",
    "member_email: partners' products are named",
    "member_email: other companies' are not",
    'content_owner_not_allowed',
  ],
  [
    "third parties' content",
    "allm_ads: third parties' ads by email, with consent",
    'allm_ads: the text says the company or third parties',
    'content_owner_not_allowed',
  ],
  [
    'own content only',
    'almigo_info: the own consent names the channel',
    'almigo_info: other services of the company only',
    'content_owner_not_allowed',
  ],
  [
    'after a cancellation',
    'loveinn_info: news of the business survives a cancellation',
    'loveinn_info: the service does not',
    'status_cancelled',
  ],
  [
    'abandoned entries with the notice before typing',
    'form_order: help to finish the order',
    'form_order: the notice was not on screen',
    'notice_missing',
  ],
  [
    'abandoned entries are no opt-in',
    'form_order: the person asked for news elsewhere and the notice was shown before typing',
    'form_order: typing an address is no consent to mail',
    'consent_missing',
  ],
  [
    'cookies of members only',
    'member_web: cookies of members may be linked',
    'member_web: those of non-members may not',
    'linking_not_allowed',
  ],
  [
    'cookies never linked',
    'allm_info: e-mail magazine with consent',
    'allm_info: cookies identify the device only',
    'linking_not_allowed',
  ],
  [
    'ad matching by consent for each recipient',
    'member_ads: everything is there',
    'member_ads: consent to another network',
    'provision_consent_missing',
  ],
  [
    "ad matching by the person's own switch",
    'member_ads: non-members too',
    'member_ads: the person switched behavioural ads off',
    'ads_switch_off',
  ],
  [
    'a confirmed contact point',
    'trial_email: no channel is named, but the own consent names email',
    'trial_email: this policy asks for a confirmed address',
    'contact_unconfirmed',
  ],
  [
    'similar people',
    'weak_ads: this text allows it',
    'member_ads: the text speaks of similar people for cookies only',
    'lookalike_not_allowed',
  ],
  [
    'provision by opt-out with its filing',
    'weak_email: provision by opt-out with its filing, published items and a start that has come',
    'almigo_billing: no filing is on record',
    'filing_missing',
  ],
  [
    'and its published items',
    'weak_email: provision by opt-out with its filing, published items and a start that has come',
    'weak_email: of an item that was not filed',
    'item_not_allowed',
  ],
  [
    'and its start',
    'weak_email: provision by opt-out with its filing, published items and a start that has come',
    'weak_email: the day before the filing begins',
    'filing_missing',
  ],
  [
    'purposes accepted one by one',
    'agreement_individual: accepted individually',
    'agreement_individual: not accepted',
    'consent_missing',
  ],
  [
    'consent at acquisition',
    'allm_info: e-mail magazine with consent',
    'allm_info: it was not asked',
    'notice_missing',
  ],
  [
    'joint use with its full notice',
    'weak_email: joint use that is stated with all that the law asks for',
    'weak_email: joint use with somebody whom the notice does not name',
    'joint_use_not_allowed',
  ],
  [
    'recipients of one kind',
    'loveinn_bank: three of four items to a bank, for billing',
    'loveinn_bank: financial institutions only',
    'provision_not_allowed',
  ],
  [
    'items by list',
    'loveinn_bank: three of four items to a bank, for billing',
    'loveinn_bank: four items and no other',
    'item_not_allowed',
  ],
];

it.each(SPECIALS)('%s: allowed where %s', (_, allowed, refused, code) => {
  expect(cases.get(allowed)).toBe('allowed');
  expect(cases.get(refused)).toContain(code);
});

/** What a text forbids or doesn't have, so that no case of it is allowed. */
const NEVER: readonly (readonly [string, string])[] = [
  ['loveinn_info: joint use is prohibited', 'joint_use_not_allowed'],
  ['agreement_info: nor joint use', 'joint_use_not_allowed'],
  ['almigo_billing: no joint use is published', 'joint_use_not_allowed'],
  ['almigo_info: no ad matching', 'ads_not_allowed'],
  ['agreement_info: ad matching is not stated', 'ads_not_allowed'],
  ['agreement_info: needed for other services is no purpose', 'unknown_purpose'],
];

it.each(NEVER)('%s', (refused, code) => {
  expect(cases.get(refused)).toContain(code);
});

it.each(['loveinn_info', 'allm_ads', 'almigo_info', 'agreement_info'])(
  'no list of %s reaches an ad network',
  (base) => {
    const told = [...cases].filter(
      ([name, codes]) => name.startsWith(`${base}: `) && codes.includes('ads_not_allowed'),
    );
    expect(told).toHaveLength(1);
    expect(told[0]?.[1]).toContain('channel_not_named');
  },
);
