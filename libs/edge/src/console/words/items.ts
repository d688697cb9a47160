import type { WordTable } from '@kyoka/pages';

/** What recipients are given of a person; any other item goes by the policy's name for it. */
export const ITEM_WORDS = {
  hashed_email: { ja: 'ハッシュ化したメールアドレス', en: 'hashed email address' },
  hashed_phone: { ja: 'ハッシュ化した電話番号', en: 'hashed phone number' },
  name: { ja: '氏名', en: 'name' },
} as const satisfies WordTable;
