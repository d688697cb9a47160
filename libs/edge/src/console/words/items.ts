import type { WordTable } from '@kyoka/pages';

/** What recipients are given of a person; any other item goes by the policy's name for it. */
export const ITEM_WORDS = {
  hashed_email: { ja: 'ハッシュ化したメールアドレス', en: 'hashed email address' },
  hashed_phone: { ja: 'ハッシュ化した電話番号', en: 'hashed phone number' },
  email: { ja: 'メールアドレス', en: 'email address' },
  phone: { ja: '電話番号', en: 'phone number' },
  line: { ja: 'LINEのID', en: 'LINE id' },
  postal: { ja: '住所', en: 'postal address' },
  orders: { ja: '注文', en: 'orders' },
  name: { ja: '氏名', en: 'name' },
} as const satisfies WordTable;
