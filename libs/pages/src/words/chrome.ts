import type { WordTable } from './words.js';

/** The words of what surrounds every page and of the components themselves. */
export const CHROME = {
  product: { ja: 'Kyoka 許可', en: 'Kyoka 許可' },
  skip: { ja: '本文へ移動', en: 'Skip to content' },
  navigation: { ja: 'メインメニュー', en: 'Main menu' },
  language: { ja: '言語', en: 'Language' },
  faults: { ja: '入力内容をご確認ください', en: 'Please check what you entered' },
  required: { ja: '必須', en: 'required' },
  asTable: { ja: '表で見る', en: 'Show as a table' },
  nothing: { ja: '該当はありません', en: 'Nothing here' },
  pause: { ja: '自動更新を止める', en: 'Pause updates' },
  resume: { ja: '自動更新を再開する', en: 'Resume updates' },
  refresh: { ja: '最新の状態に更新', en: 'Refresh' },
} as const satisfies WordTable;
