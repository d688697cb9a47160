import type { RunAnswer } from '@kyoka/contracts';
import type { Words, WordTable } from '@kyoka/pages';

export const AUDIENCES = {
  title: { ja: 'オーディエンス', en: 'Audiences' },
  name: { ja: '名称', en: 'Name' },
  period: { ja: '利用期間', en: 'Period of use' },
  fromTo: { ja: '{from}〜{to}', en: '{from} to {to}' },
  users: { ja: '利用者', en: 'Users' },
  held: { ja: '提供先が保持', en: 'Held by the recipient' },
  lastRun: { ja: '最新の実行', en: 'Latest run' },
  notRun: { ja: 'まだ実行されていません。', en: 'Not run yet.' },
  ended: { ja: '終了', en: 'ended' },
  endedNotice: {
    ja: 'このオーディエンスは終了しました。メンバーは提供先から削除されます。',
    en: 'This audience has ended; its members are removed from the recipient.',
  },
  defined: { ja: '作成', en: 'Defined' },
  definedBy: { ja: '{at}、{owner}', en: '{at} by {owner}' },
  segment: { ja: 'セグメント', en: 'Segment' },
  runTitle: { ja: '{at} の実行', en: 'Run of {at}' },
  runBy: { ja: '{owner}が開始、{state}', en: 'started by {owner}, {state}' },
  runs: { ja: '実行の一覧', en: 'Runs' },
  waterfall: { ja: '絞り込みの内訳: {name}', en: 'Waterfall: {name}' },
  step: { ja: '段階', en: 'Step' },
  inSegment: { ja: 'セグメントに該当', en: 'In the segment' },
  permitted: { ja: '許可あり', en: 'Permitted' },
  unchanged: { ja: '登録済みで変更なし', en: 'Already there, unchanged' },
  toAdd: { ja: '追加する人', en: 'To be added' },
  stoppedAtGate: { ja: '送信直前の確認で停止', en: 'Stopped at the gate' },
  notYetSent: { ja: '未送信', en: 'Not sent yet' },
  sent: { ja: '{recipient}へ送信', en: 'Sent to {recipient}' },
  refusedByNetwork: { ja: '提供先が拒否', en: 'Refused by the network' },
  unknown: { ja: '結果不明（保持とみなす）', en: 'Not known, counts as held' },
  accepted: { ja: '{recipient}が受理', en: 'Accepted by {recipient}' },
  toRemove: { ja: '外れる人', en: 'To be removed' },
  withAny: { ja: 'この理由に当たる人は計{n}人', en: 'applies to {n} in all' },
  over: { ja: '人数の推移', en: 'Members over time' },
  overDescription: {
    ja: '{from}の{first}人から、{to}の{last}人まで。',
    en: 'From {first} on {from} to {last} on {to}.',
  },
  members: { ja: 'メンバー', en: 'Members' },
} as const satisfies WordTable;

export const RUN_STATES = {
  building: { ja: '作成中', en: 'being built' },
  sending: { ja: '送信中', en: 'being sent' },
  settling: { ja: '送信済み、結果待ち', en: 'sent, waiting for the network' },
  finished: { ja: '完了', en: 'finished' },
  stopped: { ja: '中止', en: 'stopped' },
} as const satisfies Readonly<Record<RunAnswer['state'], Words>>;
