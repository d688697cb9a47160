import type { WordTable } from '@kyoka/pages';
import type { Policy, ProvisionBasis, RecipientKind } from '@kyoka/policy';

type Rights = NonNullable<Policy['rights']>;
type Intake = NonNullable<Rights['intake']>;
type Fee = NonNullable<Rights['fees']>[number];
type ThirdParty = Policy['third_party'];

/** Papers that are still issued: the insurance card is not. */
export type AcceptedPaper = Exclude<
  NonNullable<Rights['identity']>['one_of'][number],
  'health_insurance_card'
>;

/** The closed lists of policy files, in words for the people whose data it is. */

export const SOURCE_KIND_WORDS = {
  direct: {
    ja: 'ご本人から書面・フォーム・口頭などで',
    en: 'from you, on a form, in writing or spoken',
  },
  automatic: { ja: 'サービスのご利用時に自動的に', en: 'by itself while you use a service' },
  third_party: {
    ja: 'ご本人の同意を得た第三者から',
    en: 'from others, with your consent',
  },
  public: {
    ja: '出版物やインターネットなどで公開された情報から',
    en: 'from what was published, in print or online',
  },
  mall: { ja: '外部のショッピングモールから', en: 'from shopping malls that we sell in' },
  partner: { ja: '提携先から', en: 'from business partners' },
  dmp: {
    ja: '第三者の運営するデータ管理サービスから',
    en: 'from data management platforms of others',
  },
  form_abandoned: { ja: '入力途中のフォームから', en: 'from forms that were left unfinished' },
  access_log: { ja: 'ウェブサイトのアクセスログから', en: 'from access logs of the website' },
  call_recording: { ja: '通話の録音から', en: 'from recorded calls' },
  import: { ja: '以前のシステムからの移行により', en: 'from an earlier system' },
} as const satisfies WordTable<Policy['sources'][number]['kind']>;

export const BASIS_WORDS = {
  consent: { ja: 'ご本人の同意', en: 'your consent' },
  processor: { ja: '業務の委託', en: 'work done for us' },
  joint_use: { ja: '共同利用', en: 'joint use' },
  opt_out_filed: {
    ja: '届出に基づくオプトアウト',
    en: 'opt-out under a filing',
  },
} as const satisfies WordTable<ProvisionBasis>;

export const RECIPIENT_KIND_WORDS = {
  ad_network: { ja: '広告配信会社', en: 'advertising companies' },
  processor: { ja: '委託先', en: 'companies that work for us' },
  financial_institution: { ja: '金融機関', en: 'financial institutions' },
  joint_user: { ja: '共同利用者', en: 'joint users' },
  other: { ja: 'その他の提供先', en: 'other recipients' },
} as const satisfies WordTable<RecipientKind>;

export const MEDIUM_WORDS = {
  paper: { ja: '書面', en: 'on paper' },
  electronic: { ja: '電子データ', en: 'electronically' },
} as const satisfies WordTable<NonNullable<ThirdParty['media']>[number]>;

export const DISCLOSURE_WORDS = {
  law: { ja: '法令に基づく場合', en: 'where a law demands it' },
  life: {
    ja: '人の生命・身体・財産の保護に必要で、ご本人の同意を得ることが難しい場合',
    en: 'to protect life, body or property where your consent is hard to get',
  },
  health_child: {
    ja: '公衆衛生の向上や児童の健全な育成に特に必要で、ご本人の同意を得ることが難しい場合',
    en: 'for public health or the sound growth of children where your consent is hard to get',
  },
  public_body: {
    ja: '国の機関などの法令の定める事務に協力する必要がある場合',
    en: 'to help a public body in its duties under the law',
  },
  academic: {
    ja: '学術研究機関などが学術研究の目的で取り扱う必要がある場合',
    en: 'where an academic institution needs it for research',
  },
} as const satisfies WordTable<NonNullable<ThirdParty['exceptions']>[number]['ground']>;

export const PROCESSOR_WORDS = {
  contract: { ja: '契約の締結', en: 'a contract' },
  nda: { ja: '秘密保持契約の締結', en: 'a non-disclosure agreement' },
  system_check: { ja: '管理体制の確認', en: 'a check of how they are set up' },
  standard_check: { ja: '選定基準による確認', en: 'a check against our standard' },
  education: { ja: '教育', en: 'training' },
} as const satisfies WordTable<NonNullable<Policy['processors']['evidence']>[number]>;

export const REQUEST_WORDS = {
  purpose_notice: { ja: '利用目的の通知', en: 'being told the purposes' },
  disclosure: { ja: '開示', en: 'disclosure' },
  third_party_records: {
    ja: '第三者提供記録の開示',
    en: 'disclosure of records of provision',
  },
  correction: { ja: '訂正・追加・削除', en: 'correction, addition or deletion' },
  suspension: { ja: '利用の停止', en: 'suspension of use' },
  erasure: { ja: '消去', en: 'erasure' },
  provision_stop: { ja: '第三者への提供の停止', en: 'a stop of provision to third parties' },
} as const satisfies WordTable<Rights['types'][number]>;

export const FEE_WORDS = {
  postal_money_order: { ja: '郵便定額小為替', en: 'postal money order' },
  postage_stamps: { ja: '郵便切手', en: 'postage stamps' },
  cash: { ja: '現金', en: 'cash' },
  transfer: { ja: '銀行振込', en: 'bank transfer' },
} as const satisfies WordTable<NonNullable<Fee['method']>>;

export const WAY_WORDS = {
  post: { ja: '郵送', en: 'post' },
  fax: { ja: 'FAX', en: 'fax' },
  email: { ja: 'メール', en: 'email' },
  web: { ja: 'ウェブフォーム', en: 'web form' },
  phone: { ja: '電話', en: 'phone' },
  service: { ja: 'ご利用中のサービスの窓口', en: 'the service that you use' },
  download: { ja: 'ウェブサイトからのダウンロード', en: 'download' },
} as const satisfies WordTable<Intake['media'][number]>;

export const ANSWER_WORDS = {
  written: { ja: '書面', en: 'in writing' },
  email: { ja: 'メール', en: 'by email' },
} as const satisfies WordTable<NonNullable<NonNullable<Rights['response']>['media']>[number]>;

export const IDENTITY_WORDS = {
  resident_certificate: { ja: '住民票の写し', en: 'certificate of residence' },
  eligibility_certificate: { ja: '資格確認書', en: 'certificate of insurance eligibility' },
  passport: { ja: 'パスポート', en: 'passport' },
  drivers_licence: { ja: '運転免許証', en: 'driving licence' },
  my_number_card: { ja: 'マイナンバーカード（表面）', en: 'My Number card (front)' },
  necessary_documents: {
    ja: '本人確認に必要な書類',
    en: 'documents that show who you are',
  },
} as const satisfies WordTable<AcceptedPaper>;

export const PROXY_WORDS = {
  representative_confirmed: {
    ja: '代理人であることの確認',
    en: 'proof that they act for you',
  },
  request_form: { ja: '請求書', en: 'the request form' },
  identity_paper: { ja: '代理人の本人確認書類', en: 'their own proof of identity' },
  power_of_attorney_registered_seal: {
    ja: '実印を押した委任状',
    en: 'a power of attorney with your registered seal',
  },
  equivalent_of_power_of_attorney: {
    ja: '委任状に代わる書類',
    en: 'what stands in for a power of attorney',
  },
  seal_certificate: { ja: '印鑑証明書', en: 'a certificate of the seal' },
} as const satisfies WordTable<NonNullable<Rights['proxy']>['papers'][number]>;

export const REFUSAL_WORDS = {
  law: { ja: '法令の定めがある場合', en: 'where a law says so' },
  harm: {
    ja: 'ご本人または第三者の生命・身体・財産その他の権利利益を害するおそれがある場合',
    en: 'where it could harm the life, body, property or rights of you or others',
  },
  obstruction: {
    ja: '業務の適正な実施に著しい支障を及ぼすおそれがある場合',
    en: 'where it could seriously hinder our work',
  },
  unlawful: { ja: '法令に違反することになる場合', en: 'where it would break a law' },
  contractor_without_right: {
    ja: '委託を受けて取り扱っており、当社に権限がない場合',
    en: 'where we only hold it for another company',
  },
  identity_mismatch: {
    ja: 'ご本人であることを確認できない場合',
    en: 'where what you send does not match our records',
  },
  proxy_not_shown: {
    ja: '代理権を確認できない場合',
    en: 'where it isn’t shown that somebody acts for you',
  },
  form_incomplete: { ja: '請求書類に不備がある場合', en: 'where the form is not complete' },
  fee_missing: { ja: '手数料のお支払いがない場合', en: 'where the fee is not paid' },
  not_retained: {
    ja: '保有個人データに該当しない場合',
    en: 'where it is not data that we hold as our own',
  },
} as const satisfies WordTable<NonNullable<Rights['refusals']>[number]['ground']>;

export const GROUND_WORDS = {
  any: { ja: '理由を問いません', en: 'no ground is needed' },
  beyond_purpose: { ja: '利用目的の範囲を超えた取扱い', en: 'use beyond the purposes' },
  improper_acquisition: { ja: '不正な取得', en: 'improper acquisition' },
  no_longer_needed: { ja: '利用する必要がなくなった', en: 'no longer needed' },
  leak: { ja: '漏えいなどの発生', en: 'a leak' },
  harm_to_rights: {
    ja: '権利または正当な利益が害されるおそれ',
    en: 'harm to your rights or interests',
  },
} as const satisfies WordTable<NonNullable<Rights['suspension']>['grounds'][number]>;

export const SELF_SERVICE_WORDS = {
  view: { ja: '登録内容の確認', en: 'see what is registered' },
  update: { ja: '登録内容の変更', en: 'change it' },
  delete: { ja: '登録内容の削除', en: 'delete it' },
  usage: { ja: 'ご利用状況の確認', en: 'see how you use the service' },
} as const satisfies WordTable<NonNullable<Policy['self_service']>['pages'][number]>;

export const NOTICE_WORDS = {
  none: { ja: 'お知らせしません', en: 'not told' },
  posting: { ja: 'このページなどへの掲載', en: 'by posting the new text' },
  website: { ja: 'ウェブサイトへの掲載', en: 'on the website' },
  individual: { ja: '個別のお知らせ', en: 'to each person' },
} as const satisfies WordTable<NonNullable<Policy['policy']['change_notice']>>;

export const TRANSFORM_WORDS = {
  birth_month: { ja: '生年月', en: 'month of birth' },
  zip_first_three: { ja: '郵便番号の上3桁', en: 'first three digits of the postcode' },
  insurer_number: { ja: '保険者番号', en: 'number of the insurer' },
} as const satisfies WordTable<NonNullable<Policy['anonymised']>['transforms'][number]['into']>;

/** What items of data are called; any other goes by the policy's own word for it. */
export const DATA_WORDS = {
  name: { ja: '氏名', en: 'name' },
  address: { ja: '住所', en: 'address' },
  phone: { ja: '電話番号', en: 'phone number' },
  email: { ja: 'メールアドレス', en: 'email address' },
  id: { ja: '識別番号', en: 'identifying numbers' },
  age: { ja: '年齢', en: 'age' },
  sex: { ja: '性別', en: 'sex' },
  occupation: { ja: '職業', en: 'occupation' },
  area: { ja: '地域', en: 'area' },
  location: { ja: '位置情報', en: 'location' },
  pages_viewed: { ja: '閲覧したページ', en: 'pages viewed' },
  order_of_browsing: { ja: '閲覧の順序', en: 'order of browsing' },
  purchase_history: { ja: '購入履歴', en: 'purchase history' },
  amount: { ja: '金額', en: 'amount' },
  card_number: { ja: 'カード番号', en: 'card number' },
  bank_account: { ja: '口座情報', en: 'bank account' },
  hashed_email: {
    ja: '元に戻せない形に変換したメールアドレス',
    en: 'email address, hashed',
  },
  hashed_phone: { ja: '元に戻せない形に変換した電話番号', en: 'phone number, hashed' },
  birth_date: { ja: '生年月日', en: 'date of birth' },
  zip: { ja: '郵便番号', en: 'postcode' },
  insurance_card: { ja: '保険証の記号・番号', en: 'insurance card number' },
  work_place: { ja: '勤務先', en: 'place of work' },
  position: { ja: '役職', en: 'position' },
  job_title: { ja: '職名', en: 'job title' },
} as const satisfies WordTable;
