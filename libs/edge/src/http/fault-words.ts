import type { Words, WordTable } from '@kyoka/pages';
import type { AnsweredCode } from './fault-status.js';

/** Every fault that is answered over HTTP, as whoever looks at a page is told of it. */
export const FAULT_WORDS = {
  bad_input: {
    ja: '送信された内容を受け付けられませんでした。前の画面に戻り、入力内容をご確認ください。',
    en: 'What was sent could not be taken. Go back and check what you entered.',
  },
  unauthenticated: {
    ja: 'ログインが必要です。ログインしてから、もう一度お試しください。',
    en: 'You need to be signed in. Sign in and try again.',
  },
  not_permitted: {
    ja: 'この操作をする権限がないか、画面の有効期限が切れています。ログインし直してもできないときは、管理者にお問い合わせください。',
    en: 'You may not do this, or the page you came from is out of date. If signing in again does not help, ask an administrator.',
  },
  not_found: {
    ja: 'お探しのページは見つかりません。',
    en: 'There is no such page.',
  },
  conflict: {
    ja: 'ほかの人が先に変更したため、この操作はできませんでした。最新の状態をご確認ください。',
    en: 'Somebody changed this before you, so it could not be done. Look at how it stands now.',
  },
  too_large: {
    ja: '送信された内容が大きすぎます。',
    en: 'What was sent is too large.',
  },
  quota_exceeded: {
    ja: '短い時間に多くの操作がありました。少し待ってから、もう一度お試しください。',
    en: 'That was too much in a short time. Wait a moment and try again.',
  },
  database_unavailable: {
    ja: 'データベースに接続できません。操作は行われていない可能性があります。少し待ってから、もう一度お試しください。',
    en: 'The database can not be reached, so what you did may not have happened. Wait a moment and try again.',
  },
  kafka_unavailable: {
    ja: 'メッセージ基盤に接続できません。少し待ってから、もう一度お試しください。',
    en: 'The message broker can not be reached. Wait a moment and try again.',
  },
  network_unavailable: {
    ja: '外部のサービスに接続できません。少し待ってから、もう一度お試しください。',
    en: 'A service outside can not be reached. Wait a moment and try again.',
  },
  internal: {
    ja: 'サービス側で問題が起きました。続くようであれば、管理者にお知らせください。',
    en: 'Something went wrong on our side. If it goes on, tell an administrator.',
  },
} as const satisfies Readonly<Record<AnsweredCode, Words>>;

/** What stands around it. */
export const PROBLEM_WORDS = {
  title: { ja: 'ページを表示できません', en: 'This page can not be shown' },
  scope: { ja: '必要な権限: {scope}', en: 'The right that is missing: {scope}' },
  wait: { ja: '{n}秒後にもう一度お試しください。', en: 'Try again in {n} seconds.' },
  signIn: { ja: 'ログイン画面へ', en: 'Go to sign in' },
  home: { ja: '最初の画面へ', en: 'Go to the first page' },
} as const satisfies WordTable;
