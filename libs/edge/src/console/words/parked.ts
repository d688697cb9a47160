import type { WordTable } from '@kyoka/pages';

export const PARKED = {
  title: { ja: '保留中のイベント', en: 'Parked events' },
  lead: {
    ja: '処理できず、原本を封緘して保管しているイベントです。内容は表示しません。',
    en: 'Events that could not be processed; the originals lie sealed and are not shown.',
  },
  none: { ja: '保留中のイベントはありません。', en: 'Nothing is parked.' },
  byReason: { ja: '理由ごとの件数', en: 'By reason' },
  oldest: { ja: '古い順（最大100件）', en: 'The oldest, at most 100' },
  type: { ja: '種別', en: 'Type' },
  unknownType: { ja: '不明', en: 'not known' },
  place: { ja: '届いた場所', en: 'Came from' },
  faults: { ja: '問題のある項目', en: 'What was wrong' },
  stop: { ja: '停止', en: 'stop' },
  applied: { ja: '停止として適用済み', en: 'took effect as a stop' },
  notApplied: { ja: '停止だが未適用', en: 'a stop without effect' },
  stopsWithoutEffect: { ja: '未適用の停止', en: 'Stops without effect' },
  stopsNotice: {
    ja: '適用されていない停止が{n}件あります。早めに確認してください。',
    en: '{n} stops wait without effect. Look at them soon.',
  },
  act: { ja: '操作', en: 'Act' },
  replay: { ja: '再処理', en: 'Replay' },
  replayAll: { ja: 'すべて再処理', en: 'Replay all' },
  admit: { ja: '自分の責任で停止として受け付ける', en: 'Take in as a stop, as my own act' },
  dismiss: { ja: '対応不要として閉じる', en: 'Dismiss' },
  why: { ja: '閉じる理由', en: 'Why nothing has to be done' },
  needWhy: { ja: '閉じる理由を入力してください', en: 'Say why nothing has to be done' },
  replayed: {
    ja: '{n}件を再処理し、{ok}件が受理されました。残りは保留のままです。',
    en: '{n} were tried again, {ok} were accepted. The others stay parked.',
  },
  expired: {
    ja: '{n}件は保管期限が過ぎており、もう読めません。',
    en: '{n} can be read no more: their term is over.',
  },
  dismissed: { ja: '1件を閉じました。', en: 'One was dismissed.' },
  next: { ja: '次の100件', en: 'The next 100' },
} as const satisfies WordTable;
