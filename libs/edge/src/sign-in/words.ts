import type { WordTable } from '@kyoka/pages';

export const SIGN_IN_WORDS = {
  title: { ja: 'ログイン', en: 'Sign in' },
  intro: {
    ja: 'Kyoka の管理画面には、会社のアカウントでログインしてください。',
    en: 'Use your company account to sign in to Kyoka.',
  },
  go: { ja: '会社のアカウントでログイン', en: 'Sign in with the company account' },
  noProvider: {
    ja: 'このサービスは、端末に表示された、一度だけ使えるリンクからログインします。リンクは起動時に表示され、サービスの動いている端末で npx --no kyoka sign-in を実行すると、あらためて表示されます。',
    en: 'Sign in with the one-time link that the terminal of this service shows. A start shows one, and npx --no kyoka sign-in on its machine shows another.',
  },
  linkIntro: {
    ja: 'このリンクは一度だけ使えます。ボタンを押すと管理者としてログインします。',
    en: 'This link works once. The button signs you in as an administrator.',
  },
  linkGo: { ja: 'ログインする', en: 'Sign in' },
  refusedTitle: { ja: 'ログインできませんでした', en: 'You are not signed in' },
  again: {
    ja: 'ログインの手続きが途中で切れたか、リンクの期限が切れています。もう一度お試しください。',
    en: 'The sign-in was interrupted, or the link was used or is too old. Please try again.',
  },
  noRole: {
    ja: 'このアカウントには Kyoka の役割が割り当てられていません。管理者にお問い合わせください。',
    en: 'Your account has no role in Kyoka. Ask whoever manages your company accounts.',
  },
  away: {
    ja: '認証サーバーに接続できません。しばらくしてからもう一度お試しください。',
    en: 'The sign-in service can not be reached right now. Please try again later.',
  },
  back: { ja: 'ログイン画面に戻る', en: 'Back to sign in' },
} as const satisfies WordTable;
