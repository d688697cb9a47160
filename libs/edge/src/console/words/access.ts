import type { Scope } from '@kyoka/contracts';
import type { StaffRole } from '@kyoka/kernel';
import type { Words, WordTable } from '@kyoka/pages';

export const ACCESS = {
  title: { ja: 'アクセス権', en: 'Access' },
  lead: {
    ja: 'だれが、何を、いつまでできるかを示します。ここでの操作はすべて証跡に残ります。',
    en: 'Who may do what, and until when. Whatever is done here is kept in the evidence.',
  },
  tokens: { ja: 'トークン', en: 'Tokens' },
  noToken: { ja: 'トークンはありません。', en: 'There is no token.' },
  name: { ja: '名称', en: 'Name' },
  owner: { ja: '所有者', en: 'Owner' },
  scopes: { ja: 'できること', en: 'May' },
  rights: { ja: '{n}項目', en: '{n} rights' },
  back: { ja: 'アクセス権の画面に戻る', en: 'Back to access' },
  period: { ja: '期限', en: 'Until' },
  used: { ja: '最終使用', en: 'Last used' },
  never: { ja: '未使用', en: 'never' },
  quota: { ja: '毎分の上限', en: 'Requests a minute' },
  usual: { ja: '標準', en: 'as usual' },
  act: { ja: '操作', en: 'Act' },
  over: { ja: '期限切れ', en: 'ended' },
  revoked: { ja: '{owner}が失効', en: 'revoked by {owner}' },
  revoke: { ja: '失効させる', en: 'Revoke' },
  revokeSure: {
    ja: 'このトークンと、これを使って作られたトークンは、ただちに使えなくなります。',
    en: 'The token, and every token that was made with it, ends at once.',
  },
  make: { ja: 'トークンを作る', en: 'Make a token' },
  makeLead: {
    ja: '自分ができることだけを、自分の期限内で渡せます。',
    en: 'It can do no more than you, and lives no longer.',
  },
  ownerHint: {
    ja: '空欄なら自分。サービスなら service:mailer のように入力します。',
    en: 'You, if left empty; of a service, such as service:mailer.',
  },
  endsOn: { ja: '最終日', en: 'Last day' },
  endsOnHint: {
    ja: '2027-01-31 のように。日本時間のその日の終わりまで使えます。',
    en: 'Such as 2027-01-31; it holds to the end of that day in Japan.',
  },
  quotaHint: { ja: '空欄なら標準', en: 'As usual, if left empty' },
  madeTitle: { ja: 'トークンを作りました', en: 'The token is made' },
  madeLead: {
    ja: 'いま控えてください。この画面を離れると二度と表示できません。',
    en: 'Copy it now. It can not be shown again once you leave this page.',
  },
  needName: { ja: '名称を入力してください', en: 'Give it a name' },
  needOwner: {
    ja: '所有者は自分、または service: で始まる名前にしてください',
    en: 'The owner is you, or a name that begins with service:',
  },
  needScopes: {
    ja: 'できることを1つ以上選んでください',
    en: 'Choose at least one thing that it may do',
  },
  needDay: {
    ja: '最終日を今日から自分の期限までの日付で入力してください',
    en: 'Give a last day between today and the end of your own rights',
  },
  needQuota: {
    ja: '毎分の上限は1から自分の上限までの整数で入力してください',
    en: 'Give a whole number, from 1 to your own quota',
  },
  revokedNotice: { ja: '{n}件のトークンを失効させました。', en: 'Tokens that ended: {n}' },
  sessions: { ja: 'ログイン中の人', en: 'Who is signed in' },
  noSession: { ja: 'ログイン中の人はいません。', en: 'Nobody is signed in.' },
  roles: { ja: '役割', en: 'Roles' },
  since: { ja: 'ログイン', en: 'Signed in' },
  seen: { ja: '最終操作', en: 'Last seen' },
  via: { ja: '方法', en: 'By' },
  provider: { ja: '会社のアカウント', en: 'company account' },
  link: { ja: '一度だけのリンク', en: 'one-time link' },
  thisOne: { ja: 'この画面', en: 'this one' },
  end: { ja: 'ログアウトさせる', en: 'Sign out' },
  endedNotice: { ja: 'ログアウトさせました。', en: 'The session has ended.' },
  endOwner: { ja: '人やサービスのアクセスをすべて終える', en: 'End everything of somebody' },
  endOwnerLead: {
    ja: 'ログインと、本人が持つ・渡したトークンを、ただちにすべて終えます。退職や漏えいのときに使います。',
    en: 'Ends every session and token of theirs and whatever they handed on, at once: when somebody leaves, or a secret got out.',
  },
  endOwnerField: { ja: '対象（user: または service:）', en: 'Whose (user: or service:)' },
  endOwnerAct: { ja: 'すべて終える', en: 'End all of it' },
  needWhom: { ja: '対象を user:sato のように入力してください', en: 'Say whose, such as user:sato' },
  publishers: { ja: '発行元', en: 'Publishers' },
  noPublisher: { ja: '発行元は登録されていません。', en: 'No publisher is registered.' },
  sources: { ja: '取得元', en: 'Sources' },
  types: { ja: 'イベントの種別', en: 'Types of event' },
  keys: { ja: '鍵', en: 'Keys' },
  keyUntil: { ja: '{kid}（{at}まで）', en: '{kid}, until {at}' },
  rotate: { ja: '鍵を替える', en: 'New key' },
  overlap: {
    ja: '以前の鍵を使える最終日（空欄ならすぐ終了）',
    en: 'Last day of the earlier keys (empty: they end now)',
  },
  needOverlap: {
    ja: '日付を 2027-01-31 のように入力してください',
    en: 'Give a day such as 2027-01-31',
  },
  keyTitle: { ja: '{name}の新しい鍵', en: 'The new key of {name}' },
  keyId: { ja: '鍵のID', en: 'Id of the key' },
  reason: { ja: '理由', en: 'Reason' },
  needReason: { ja: '理由を入力してください', en: 'Say why' },
  publisherRevoked: {
    ja: '発行元の鍵をすべて失効させました。',
    en: 'Every key of the publisher has ended.',
  },
  revokeSurePublisher: {
    ja: '以後に届くこの発行元のイベントは保留され、何も変えません。',
    en: 'Its events that arrive from now on are parked and change nothing.',
  },
} as const satisfies WordTable;

export const ROLE_WORDS = {
  administrator: { ja: '管理者', en: 'administrator' },
  privacy: { ja: '個人情報保護', en: 'privacy' },
  marketing: { ja: 'マーケティング', en: 'marketing' },
  operator: { ja: '運用', en: 'operator' },
  auditor: { ja: '監査', en: 'auditor' },
} as const satisfies Readonly<Record<StaffRole, Words>>;

/** What each scope lets somebody do. */
export const SCOPE_WORDS = {
  'events:publish': { ja: 'イベントを送る', en: 'publish events' },
  'decisions:ask': { ja: '可否を尋ねる', en: 'ask for decisions' },
  'subjects:read': { ja: '個人を照会する', en: 'look up people' },
  'suspensions:write': { ja: '利用停止を受け付ける', en: 'enter suspensions' },
  'erasures:write': { ja: '消去を受け付ける', en: 'enter erasures' },
  'freezes:write': { ja: '凍結する・解除する', en: 'freeze and unfreeze' },
  'recipients:write': { ja: '提供先を登録・切り替える', en: 'register and switch recipients' },
  'policies:write': { ja: 'ポリシーを切り替える', en: 'switch policies' },
  'audiences:write': { ja: 'オーディエンスを定める', en: 'define audiences' },
  'audiences:run': { ja: 'オーディエンスを実行する', en: 'run audiences' },
  'parked:read': { ja: '保留イベントを見る', en: 'see parked events' },
  'parked:replay': { ja: '保留イベントを再処理する', en: 'replay parked events' },
  'publishers:write': { ja: '発行元を管理する', en: 'manage publishers' },
  'tokens:write': { ja: '全員のトークンを管理する', en: "manage everybody's tokens" },
  'pages:write': { ja: '本人用ページのリンクを作る', en: "make links to people's own pages" },
  'operations:read': { ja: '状況を見る', en: 'see where things stand' },
} as const satisfies Readonly<Record<Scope, Words>>;
