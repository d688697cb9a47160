import type { WordTable } from '@kyoka/pages';

/** The words of what all pages of the company share. */
export const FRAME = {
  home: { ja: '状況', en: 'Overview' },
  audiences: { ja: 'オーディエンス', en: 'Audiences' },
  suspensions: { ja: '利用停止', en: 'Suspensions' },
  people: { ja: '個人の照会', en: 'People' },
  parked: { ja: '保留イベント', en: 'Parked events' },
  overdue: { ja: '期限超過の削除', en: 'Overdue removals' },
  policies: { ja: 'ポリシー', en: 'Policies' },
  access: { ja: 'アクセス権', en: 'Access' },
  signedIn: { ja: '利用者 {owner}', en: 'Signed in as {owner}' },
  signOut: { ja: 'サインアウト', en: 'Sign out' },
  readAt: { ja: '{at} 時点', en: 'as of {at}' },
  everything: { ja: 'すべての目的', en: 'every purpose' },
  policy: { ja: 'ポリシー', en: 'Policy' },
  purpose: { ja: '目的', en: 'Purpose' },
  channel: { ja: 'チャネル', en: 'Channel' },
  recipient: { ja: '提供先', en: 'Recipient' },
  reason: { ja: '理由', en: 'Reason' },
  count: { ja: '件数', en: 'Count' },
  persons: { ja: '人数', en: 'People' },
  share: { ja: '割合', en: 'Share' },
  state: { ja: '状態', en: 'State' },
  when: { ja: '日時', en: 'When' },
} as const satisfies WordTable;
