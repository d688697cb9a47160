import type { ReasonCode } from '@kyoka/decision';
import type { WordTable } from '@kyoka/pages';

/** Why something isn't allowed, in what the person can make of it. */
export const GROUND_WORDS = {
  not_agreed: { ja: 'まだ許可をいただいていません。', en: 'You have not agreed to it.' },
  expired: {
    ja: '以前いただいた許可の期限が切れています。',
    en: 'You agreed to it once, and that has run out.',
  },
  stopped: {
    ja: 'お客様、または同じ連絡先をお使いの方のお申し出により停止しています。',
    en: 'You stopped it, or somebody who shares your contact point did.',
  },
  suspended: {
    ja: 'お客様のお申し出により、すべての利用を停止しています。',
    en: 'You suspended every use of your data.',
  },
  erased: {
    ja: 'お客様から消去のお申し出をいただいています。',
    en: 'You asked for your data to be erased.',
  },
  unreachable: {
    ja: 'この連絡先へのお届けができませんでした。',
    en: 'What was sent to this contact point did not arrive.',
  },
  unfollowed: {
    ja: 'LINEの友だち登録が解除されています。',
    en: 'You no longer follow the account on LINE.',
  },
  ads_off: {
    ja: '行動ターゲティング広告がオフ、または未設定です。',
    en: 'Ads that follow behaviour are off, or were never switched on.',
  },
  source: {
    ja: '情報の取得元（モールなど）との取り決めにより利用しません。',
    en: 'The terms of where your data came from, such as a mall, do not allow it.',
  },
  contact: {
    ja: '利用できる連絡先の登録がありません。',
    en: 'There is no contact point on record that could be used for it.',
  },
  company: {
    ja: '現在、当社では利用していません。',
    en: 'The company does not use it at present.',
  },
} as const satisfies WordTable;
export type Ground = keyof typeof GROUND_WORDS;

/** Where a ground is none of the person's doing, the company's own reasons are its own affair. */
const GROUNDS: Readonly<Partial<Record<ReasonCode, Ground>>> = {
  consent_missing: 'not_agreed',
  consent_without_evidence: 'not_agreed',
  legal_floor: 'not_agreed',
  provision_consent_missing: 'not_agreed',
  consent_expired: 'expired',
  consent_withdrawn: 'stopped',
  suppressed_objection: 'stopped',
  suppressed_complaint: 'stopped',
  suppressed_suspension: 'suspended',
  suppressed_erasure: 'erased',
  suppressed_bounce: 'unreachable',
  suppressed_returned: 'unreachable',
  suppressed_unfollowed: 'unfollowed',
  ads_switch_off: 'ads_off',
  source_contract_forbids: 'source',
  source_retention_over: 'source',
  unknown_source: 'source',
  contact_relay: 'source',
  contact_missing: 'contact',
  contact_unusable: 'contact',
  contact_unconfirmed: 'contact',
};

/** The grounds of some reasons, each once; the company's only where there is no other. */
export function groundsOf(reasons: readonly ReasonCode[]): Ground[] {
  const grounds = [...new Set(reasons.map((code) => GROUNDS[code] ?? 'company'))];
  const told = grounds.filter((ground) => ground !== 'company');
  return told.length > 0 ? told : grounds;
}

/** What the person, or time, has ended already: there is nothing left to stop. */
const ENDED: ReadonlySet<Ground> = new Set([
  'not_agreed',
  'expired',
  'stopped',
  'suspended',
  'erased',
]);

export const isStoppable = (grounds: readonly Ground[]): boolean =>
  !grounds.some((ground) => ENDED.has(ground));
