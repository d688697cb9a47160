import { type Lang, Notice, Page, speak, type WordTable } from '@kyoka/pages';
import type { VNode } from 'preact';

export const PROBLEM_WORDS = {
  title: { ja: 'ページを表示できません', en: 'This page can not be shown' },
  unauthenticated: {
    ja: 'ログインが必要です。ログインしてから、もう一度お試しください。',
    en: 'You need to be signed in. Sign in and try again.',
  },
  forbidden: {
    ja: 'この操作をする権限がないか、画面の有効期限が切れています。ログインし直してもできないときは、管理者にお問い合わせください。',
    en: 'You may not do this, or the page you came from is out of date. If signing in again does not help, ask an administrator.',
  },
  notFound: {
    ja: 'お探しのページは見つかりません。',
    en: 'There is no such page.',
  },
  tooMany: {
    ja: '短い時間に多くの操作がありました。少し待ってから、もう一度お試しください。',
    en: 'That was too much in a short time. Wait a moment and try again.',
  },
  signIn: { ja: 'ログイン画面へ', en: 'Go to sign in' },
  home: { ja: '最初の画面へ', en: 'Go to the first page' },
} as const satisfies WordTable;

type Word = keyof typeof PROBLEM_WORDS;

/** What people are told; any other status is for the programs that get it. */
const TOLD: ReadonlyMap<number, { readonly word: Word; readonly next: Word; readonly to: string }> =
  new Map([
    [401, { word: 'unauthenticated', next: 'signIn', to: '/sign-in' }],
    [403, { word: 'forbidden', next: 'home', to: '/' }],
    [404, { word: 'notFound', next: 'home', to: '/' }],
    [429, { word: 'tooMany', next: 'home', to: '/' }],
  ]);

/** A refusal for somebody who reads pages; `undefined` for a status that has no page. */
export function problemPage(status: number, lang: Lang): VNode | undefined {
  const told = TOLD.get(status);
  if (told === undefined) return undefined;
  const say = speak(PROBLEM_WORDS, lang);
  return (
    <Page lang={lang} title={say('title')}>
      <h1>{say('title')}</h1>
      <Notice tone="bad">{say(told.word)}</Notice>
      <p>
        <a href={told.to}>{say(told.next)}</a>
      </p>
    </Page>
  );
}
