import type { WordTable } from '@kyoka/pages';

export const STOPS = {
  title: { ja: '利用停止と消去', en: 'Suspensions and erasures' },
  lead: {
    ja: '請求の時点で新たな利用は止まり、提供済みの情報は提供先から削除されます。',
    en: 'From its barrier on nothing new is released; what recipients hold is removed.',
  },
  none: { ja: '利用停止の請求はまだありません。', en: 'Nobody has asked for a suspension yet.' },
  older: { ja: 'さらに古いものを見る', en: 'Older ones' },
  scope: { ja: '範囲', en: 'Scope' },
  scopeOf: { ja: '{purposes}・{channels}', en: '{purposes} on {channels}' },
  reach: { ja: '対象の記録', en: 'Records reached' },
  nobody: {
    ja: '該当する記録はまだありません。現れしだい適用されます。',
    en: 'No record yet; it applies as soon as one appears.',
  },
  at: { ja: '受付', en: 'Arrived' },
  progress: { ja: '削除の状況', en: 'Removals' },
  timeline: { ja: '経過', en: 'Timeline' },
  acted: { ja: '本人の意思表示', en: 'The person acted' },
  arrived: { ja: '受付', en: 'Arrived' },
  barrier: {
    ja: '停止の発効（以後この範囲では一切利用しない）',
    en: 'Barrier: from here on nothing of it is released',
  },
  requested: { ja: '{recipient}: 削除を依頼', en: '{recipient}: removal requested' },
  sent: { ja: '{recipient}: 削除を送信', en: '{recipient}: removal sent' },
  notSent: { ja: '{recipient}: 未送信', en: '{recipient}: not sent yet' },
  confirmedByJob: {
    ja: '{recipient}: 削除を確認（提供先の処理結果による）',
    en: "{recipient}: confirmed, by the network's own job status",
  },
  confirmedByTime: {
    ja: '{recipient}: 削除を確認（受理され、提供先の定める時間が経過）',
    en: '{recipient}: confirmed: taken in full, and the time the network declares is over',
  },
  unconfirmed: {
    ja: '{recipient}: {until}まで確認待ち',
    en: '{recipient}: unconfirmed until {until}',
  },
  overdue: {
    ja: '{recipient}: {until}の期限を超過。担当者の対応が必要',
    en: '{recipient}: overdue since {until}: a person has to look',
  },
  after: { ja: '受付から{time}', en: '{time} after arrival' },
  searching: { ja: '提供先を調査中', en: 'Recipients are being searched' },
  untold: {
    ja: '提供先での状況は、個人を照会できる人にだけ表示します',
    en: 'How recipients stand is shown to those who may look up people',
  },
  chart: { ja: '提供先ごとの所要時間', en: 'How long each recipient takes' },
  took: { ja: '所要時間', en: 'Time' },
  longerThan: { ja: '{time}超', en: 'over {time}' },
  drawn: { ja: '受付からの経過', en: 'Since the arrival' },
  isConfirmed: { ja: '削除を確認', en: 'confirmed' },
  isOpen: { ja: '{until}まで確認待ち', en: 'unconfirmed until {until}' },
  isOverdue: { ja: '期限超過', en: 'overdue' },
  isNotSent: { ja: '未送信', en: 'not sent yet' },
  nothingHeld: { ja: 'どの提供先も保持していません', en: 'No recipient held the person' },
  erasureWaits: {
    ja: '消去は、削除の確認後（遅くとも14日後）に行われます',
    en: 'The erasing itself follows the removals, after 14 days at the latest',
  },
  allConfirmed: { ja: '確認済み {n}', en: '{n} confirmed' },
  someOpen: { ja: '確認待ち {n}', en: '{n} unconfirmed' },
  someOverdue: { ja: '期限超過 {n}', en: '{n} overdue' },
} as const satisfies WordTable;

export const OVERDUE = {
  title: { ja: '期限を過ぎた削除', en: 'Overdue removals' },
  lead: {
    ja: '提供先の定める期限までに確認できなかった削除です。提供先に直接ご確認ください。',
    en: 'Removals that were not confirmed within the time that the network declares. Take them up with the recipient.',
  },
  none: { ja: '期限を過ぎた削除はありません。', en: 'Nothing is overdue.' },
  caption: { ja: '期限の古い順', en: 'Longest overdue first' },
  dueBy: { ja: '期限', en: 'Due by' },
  requested: { ja: '依頼', en: 'Requested' },
  sends: { ja: '送信回数', en: 'Times sent' },
  cause: { ja: '理由', en: 'Why' },
  stop: { ja: '利用停止', en: 'stop' },
  not_permitted: { ja: '許可がなくなった', en: 'no longer permitted' },
  left_segment: { ja: 'セグメントから外れた', en: 'left the segment' },
  lease_ended: { ja: '利用の期限が来た', en: 'lease ended' },
  audience_ended: { ja: 'オーディエンスの終了', en: 'audience ended' },
  record: { ja: '記録', en: 'Record' },
} as const satisfies WordTable;
