import type { ParkReason } from '@kyoka/contracts';
import type { ANY, Channel, ContactClass, ContactKind, StopKind } from '@kyoka/kernel';
import type { WordTable } from './words.js';

export const CHANNEL_WORDS = {
  email: { ja: 'メール', en: 'email' },
  dm: { ja: '郵便DM', en: 'post' },
  sms: { ja: 'SMS', en: 'text message' },
  line: { ja: 'LINE', en: 'LINE' },
  web: { ja: 'ウェブサイト', en: 'website' },
  ads: { ja: '広告', en: 'ads' },
  '*': { ja: 'すべてのチャネル', en: 'every channel' },
} as const satisfies WordTable<Channel | typeof ANY>;

export const CONTACT_KIND_WORDS = {
  email: { ja: 'メールアドレス', en: 'email address' },
  phone: { ja: '電話番号', en: 'phone number' },
  line: { ja: 'LINEアカウント', en: 'LINE account' },
  postal: { ja: '住所', en: 'postal address' },
} as const satisfies WordTable<ContactKind>;

export const CONTACT_CLASS_WORDS = {
  personal: { ja: '本人の連絡先', en: 'personal' },
  relay: { ja: 'モールの転送用', en: 'masked by a mall' },
  alias: { ja: '別名アドレス', en: 'alias' },
  role: { ja: '代表・部署の連絡先', en: 'role account' },
  invalid: { ja: '無効', en: 'invalid' },
} as const satisfies WordTable<ContactClass>;

/** Kinds of stop, and of the acts that narrowed what is allowed without being a stop of their own. */
export const STOP_WORDS = {
  withdrawal: { ja: '同意の撤回', en: 'consent withdrawn' },
  objection: { ja: '異議の申し出', en: 'objection' },
  suspension: { ja: '利用停止', en: 'suspension of use' },
  complaint: { ja: '苦情', en: 'complaint' },
  hard_bounce: { ja: '宛先不明で不達', en: 'address bounced' },
  unfollowed: { ja: 'LINE友だち解除', en: 'LINE unfollowed' },
  returned_post: { ja: '郵便物の返送', en: 'post returned' },
  erasure: { ja: '消去', en: 'erasure' },
  freeze: { ja: '運用者による凍結', en: 'freeze' },
  ads_off: { ja: '行動ターゲティング広告のオフ', en: 'behavioural ads switched off' },
  cancelled: { ja: '退会', en: 'membership cancelled' },
} as const satisfies WordTable<StopKind | 'ads_off' | 'cancelled'>;

/** Why an event was parked, and so what a person may do about it. */
export const PARK_WORDS = {
  unauthenticated: {
    ja: '登録された鍵による署名がない、または鍵の期限が切れている',
    en: 'no valid signature of a key registered for this source and type, or the key has ended',
  },
  malformed: {
    ja: 'データが種別の契約に合わない、または取得元に必要な項目がない',
    en: 'the data does not fit the contract of its type, or lacks what its source needs',
  },
  contact_not_sealed: {
    ja: '許可のないトピックに連絡先が平文で置かれていた',
    en: 'a contact lay in the clear on a topic that does not allow it',
  },
  contact_unreadable: {
    ja: '封緘された連絡先を開けない、または別のイベント用に封緘されている',
    en: 'a sealed contact could not be opened, or was sealed for another event',
  },
  id_reused: {
    ja: '同じ発行元・IDで内容の異なるイベントが先に届いている',
    en: 'the same source and id came before with other content',
  },
  dated_ahead: {
    ja: '到着より5分以上先の日時の同意',
    en: 'a grant dated more than five minutes after its arrival',
  },
  stop_widened: {
    ja: '一部しか読み取れない停止。読み取れる最も広い範囲で適用済み',
    en: 'a stop understood in part only; applied at its widest readable scope',
  },
  unknown_source: {
    ja: '有効なポリシーに取得元の記載がない',
    en: 'no policy in force names the source of the subject',
  },
  unknown_category: {
    ja: '区分がポリシーにない、受け入れない、または取得元から生じない',
    en: 'the policy does not name the category or let it in, or its source does not yield it',
  },
  unknown_purpose: {
    ja: 'ポリシーに目的の記載がない',
    en: 'the policy does not name the purpose',
  },
  unknown_policy: { ja: '不明なポリシー版', en: 'the policy version is not known' },
  unknown_recipient: {
    ja: 'ポリシーに提供先またはグループの記載がない',
    en: 'the policy names neither such a recipient nor such a group',
  },
} as const satisfies WordTable<ParkReason>;
