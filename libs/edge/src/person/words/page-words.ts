import type { WordTable } from '@kyoka/pages';

/** The words of the preference page. */
export const PREFERENCE_WORDS = {
  title: { ja: 'お客様情報の利用設定', en: 'How we may use your data' },
  lead: {
    ja: '当社がお客様の情報を何に利用できるか、その理由とともに表示しています。このページを開いただけでは何も変わりません。',
    en: 'This page shows what we may use your data for, and why. Opening it changes nothing.',
  },
  yours: { ja: '登録されている連絡先', en: 'Contact points on record' },
  noContacts: { ja: '連絡先の登録はありません。', en: 'There is no contact point on record.' },
  stopAll: { ja: 'まとめて停止する', en: 'Stop at once' },
  stopAllLead: {
    ja: '停止はすぐに有効になり、理由をうかがうことはありません。',
    en: 'A stop takes effect at once. You need to give no reason.',
  },
  advertising: { ja: '広告・ご案内をすべて停止する', en: 'Stop all advertising and news' },
  advertisingHint: {
    ja: 'ご注文に関するご連絡は続きます。',
    en: 'Messages about your orders go on.',
  },
  everyUse: { ja: 'すべての利用を停止する', en: 'Stop every use' },
  everyUseHint: {
    ja: 'ご注文やお届けに関するご連絡も届かなくなります。法令により必要なお知らせは除きます。',
    en: 'Messages about orders and deliveries stop, too. Notices that the law demands do not.',
  },
  byChannel: { ja: '連絡方法ごとに停止する', en: 'Stop one channel' },
  stopChannel: { ja: '{channel}を停止', en: 'Stop {channel}' },
  mailReceipt: { ja: '受付の控えを {to} に送る', en: 'Send the receipt to {to}' },
  uses: { ja: '利用目的ごとの設定', en: 'Purpose by purpose' },
  allowed: { ja: '許可', en: 'Allowed' },
  notAllowed: { ja: '停止中', en: 'Not allowed' },
  onConsent: { ja: '{day}に許可をいただいています。', en: 'You agreed on {day}.' },
  onForm: {
    ja: '{day}に「{form}」で許可をいただいています。',
    en: 'You agreed on {day}, on the form “{form}”.',
  },
  onClause: {
    ja: 'プライバシーポリシーに基づいて利用しています。いつでも停止できます。',
    en: 'It rests on the privacy policy. You can stop it at any time.',
  },
  analysis: { ja: 'データの分析', en: 'analysis of data' },
  channel: { ja: '方法', en: 'Channel' },
  why: { ja: '理由', en: 'Why' },
  receipt: { ja: '受付の控え', en: 'Receipt' },
  stop: { ja: '停止する', en: 'Stop' },
  allow: { ja: '許可する', en: 'Allow' },
  noMail: {
    ja: 'このページから再び許可することはできません。お手数ですが、会員ページなどのお手続きで改めて許可してください。',
    en: 'Nothing can be allowed again on this page. Please use the company’s own forms, such as your account.',
  },
  noAddress: {
    ja: '再び許可するにはメールでの確認が必要ですが、確認できるメールアドレスの登録がありません。SMSなどでの確認には対応していません。',
    en: 'To allow something again you confirm it by mail, and there is no email address of yours that we could send to. Confirmation by text message is not offered.',
  },
  noPolicy: {
    ja: '現在、お客様の情報を広告やご案内に利用していません。',
    en: 'At present your data is not used for advertising or news.',
  },
  ads: { ja: '外部の広告配信会社', en: 'Advertising companies' },
  adsLead: {
    ja: 'お客様の情報（元に戻せない形に変換したもの）を保持している、または保持している可能性がある会社です。',
    en: 'These companies hold, or may hold, your data in a form that can’t be turned back.',
  },
  adsNone: { ja: '現在、保持している会社はありません。', en: 'No company holds any at present.' },
  holds: { ja: '保持している情報', en: 'What it holds' },
  company: { ja: '会社', en: 'Company' },
  since: { ja: '開始', en: 'Since' },
  leaving: { ja: '削除手続き中', en: 'being removed' },
  adsSwitchOn: { ja: '行動ターゲティング広告：オン', en: 'Ads that follow behaviour: on' },
  adsSwitchOff: { ja: '行動ターゲティング広告：オフ', en: 'Ads that follow behaviour: off' },
  switchOff: {
    ja: '行動ターゲティング広告をオフにする',
    en: 'Switch ads that follow behaviour off',
  },
  needed: { ja: 'ご注文・サービスに必要な利用', en: 'What your orders and services need' },
  neededLead: {
    ja: 'お申し込みいただいたことを行うための利用です。停止するには「すべての利用を停止する」をお選びください。',
    en: 'This carries out what you asked for. “Stop every use” stops it, too.',
  },
  stops: { ja: 'これまでの停止', en: 'Your stops' },
  noStops: { ja: '停止のお申し出はありません。', en: 'You have stopped nothing so far.' },
  receiptOf: { ja: '受付の控えを見る', en: 'Show the receipt' },
  unreadable: {
    ja: '送信内容を読み取れませんでした。何も変わっていません。もう一度ボタンを押してください。',
    en: 'What was sent could not be read. Nothing has changed. Please press the button again.',
  },
} as const satisfies WordTable;

/** The words of receipts, confirmations and one-click links. */
export const ACT_WORDS = {
  stopped: { ja: '停止を受け付けました', en: 'It is stopped' },
  stoppedLead: {
    ja: '停止はすでに有効です。今後、この範囲でお客様の情報を利用することはありません。',
    en: 'The stop is in effect. From now on your data is not used within its scope.',
  },
  receipt: { ja: '停止の控え', en: 'Receipt of a stop' },
  what: { ja: '停止した内容', en: 'What is stopped' },
  from: { ja: '停止した日時', en: 'Since' },
  until: { ja: '期間', en: 'Until' },
  untilYou: { ja: 'お客様ご自身が再び許可されるまで', en: 'Until you yourself allow it again' },
  where: { ja: '外部の会社での削除', en: 'Removal at other companies' },
  looking: {
    ja: 'お客様の情報を渡した会社を確認しています。しばらくしてから、このページを開き直してください。',
    en: 'We are looking up which companies have your data. Please open this page again in a moment.',
  },
  nowhere: {
    ja: 'この停止によって削除を依頼する会社はありませんでした。',
    en: 'No company outside held data that this stop covers.',
  },
  company: { ja: '会社', en: 'Company' },
  state: { ja: '状況', en: 'State' },
  confirmed: { ja: '削除を確認しました', en: 'removed' },
  unconfirmed: {
    ja: '削除を依頼しました（確認待ち）',
    en: 'asked to remove it, not confirmed yet',
  },
  overdue: {
    ja: '期限までに確認できていません。担当者が対応しています',
    en: 'not confirmed in time; somebody is looking into it',
  },
  unconfirmedUntil: { ja: '確認の期限：{moment}', en: 'to be confirmed by {moment}' },
  keep: {
    ja: 'この控えには、設定ページからいつでも戻れます。',
    en: 'You can come back to this receipt from your settings page.',
  },
  mailed: { ja: '控えをメールでお送りします。', en: 'The receipt is on its way by mail.' },
  refresh: { ja: '最新の状況を見る', en: 'Show the latest state' },
  back: { ja: '設定ページに戻る', en: 'Back to the settings' },
  everyPurpose: {
    ja: '広告・ご案内など、拒否できるすべての目的',
    en: 'every purpose that you may refuse',
  },
  everyPurposeSuspended: { ja: 'すべての目的', en: 'every purpose' },
  allowTitle: { ja: '利用を許可する', en: 'Allow a use' },
  allowLead: {
    ja: 'ご本人の連絡先であることを確認するため、メールで一度だけ使えるリンクをお送りします。リンクのページでボタンを押されるまで、何も変わりません。',
    en: 'To make sure that it is you, we send a link that works once. Nothing changes until you press the button on the page behind it.',
  },
  allowWhat: { ja: '許可する内容', en: 'What you allow' },
  sendTo: { ja: '確認メールの送り先', en: 'Where the confirmation goes' },
  send: { ja: '確認メールを送る', en: 'Send the confirmation' },
  onlyMail: {
    ja: 'SMSなど、メール以外での確認には対応していません。',
    en: 'Confirmation other than by mail, such as by text message, is not offered.',
  },
  asked: { ja: '確認メールをお送りします', en: 'The confirmation is on its way' },
  askedLead: {
    ja: '{to} に届くメールのリンクを開き、ボタンを押してください。それまでは停止されたままです。',
    en: 'Open the link in the mail to {to} and press the button. Until then it stays stopped.',
  },
  tooMany: { ja: '確認メールを送れません', en: 'No more confirmations for now' },
  tooManyLead: {
    ja: '短い時間に何度もお申し込みがありました。しばらくしてからお試しください。',
    en: 'There were too many requests in a short time. Please try again later.',
  },
  confirmTitle: { ja: '利用の再開を確認する', en: 'Confirm what you allow' },
  confirmLead: {
    ja: '次の利用を許可するお申し込みです。お心当たりがあれば、ボタンを押してください。',
    en: 'Somebody, probably you, asked to allow this again. If it was you, press the button.',
  },
  confirm: { ja: '許可する', en: 'Allow it' },
  confirmNot: {
    ja: 'お心当たりがない場合は、このページを閉じてください。何も変わりません。',
    en: 'If it wasn’t you, close this page. Nothing changes.',
  },
  done: { ja: '許可を受け付けました', en: 'It is allowed' },
  doneLead: {
    ja: '現在の状態は次のとおりです。いつでも停止できます。',
    en: 'This is how it stands now. You can stop it again at any time.',
  },
  pending: { ja: '許可はまだ有効になっていません', en: 'It is not in force yet' },
  pendingLead: {
    ja: 'お申し込みは記録しました。担当者の確認が必要なため、それまでは次の状態のままです。もう一度お手続きいただく必要はありません。',
    en: 'What you pressed is recorded, and somebody has to look at it first. Until then this is how it stands. You need not do it again.',
  },
  oneClickTitle: { ja: '配信停止', en: 'Unsubscribe' },
  oneClickLead: {
    ja: 'ボタンを押すと、次の配信を停止します。ログインは必要ありません。',
    en: 'The button stops this. You need not sign in.',
  },
  oneClick: { ja: '配信を停止する', en: 'Unsubscribe' },
  oneClickDone: { ja: '配信を停止しました。', en: 'You are unsubscribed.' },
  invalidTitle: { ja: 'このリンクは使えません', en: 'This link does not work' },
  invalidLead: {
    ja: 'リンクが正しくないか、有効期限が切れているか、すでに使われています。何も変わっていません。新しいメールのリンクをお使いいただくか、お問い合わせ窓口までご連絡ください。停止のお申し出は、いつでも、どの方法でも受け付けます。',
    en: 'It is wrong, has ended, or was used already. Nothing has changed. Please use the link of a newer mail, or write to the company: a stop is taken at any time and in any form.',
  },
} as const satisfies WordTable;
