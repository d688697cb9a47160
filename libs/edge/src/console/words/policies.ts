import type { WordTable } from '@kyoka/pages';
import type { MissingItem } from '@kyoka/policy';
import type { PolicyVersion } from '../../services/policy-versions.js';

/** The words of the pages about policies. */
export const POLICIES = {
  title: { ja: 'ポリシー', en: 'Policies' },
  lead: {
    ja: '配置されているすべての版です。有効な版の内容は、どなたでも見られるページに表示されます。',
    en: 'Every version that is deployed. What is in force has a page that everybody may read.',
  },
  versions: { ja: '配置されている版', en: 'Deployed versions' },
  version: { ja: '版', en: 'Version' },
  name: { ja: '名称', en: 'Title' },
  state: { ja: '状態', en: 'State' },
  wentLive: { ja: '適用開始', en: 'Went live' },
  wentLiveBy: {
    ja: '{day}（申請 {asked}、承認 {approved}）',
    en: '{day}, asked for by {asked}, approved by {approved}',
  },
  undated: { ja: '記載なし', en: 'not stated' },
  file: { ja: 'ポリシーファイル', en: 'File' },
  changed: {
    ja: '適用開始後に変更されています。適用中の内容が引き続き使われます。',
    en: 'changed since it went live; what went live stays in use',
  },
  missing_file: {
    ja: '配置されていません。適用中の内容が引き続き使われます。',
    en: 'not deployed any more; what went live stays in use',
  },
  textDate: { ja: '本文の日付', en: 'Date of the text' },
  hash: { ja: '本文のSHA-256', en: 'SHA-256 of the text' },
  pack: { ja: '法令パック', en: 'Legal pack' },
  published: { ja: '公開ページ', en: 'Published page' },
  read: { ja: '公開ページを開く', en: 'Open the published page' },
  missing: { ja: '公表が必要で記載のない事項', en: 'Wanted by law and not stated' },
  missingLead: {
    ja: '法令により、本人が知ることができる状態に置く必要がある事項のうち、このポリシーに記載のないものです。法第32条の事項は、求めに応じて遅滞なく回答することでも足ります。',
    en: 'What people have to be able to look up by law and this policy does not state. For the items of APPI Art. 32 an answer without delay to whoever asks is enough.',
  },
  missingNone: { ja: '記載のない事項はありません。', en: 'Nothing is missing.' },
  item: { ja: '事項', en: 'Item' },
  article: { ja: '根拠条文', en: 'Article' },
  field: { ja: 'ファイルの項目', en: 'Field of the file' },
  accredited_member: {
    ja: '認定個人情報保護団体の対象事業者である場合のみ',
    en: 'only for a member of an accredited body',
  },
  designated_service: {
    ja: '電気通信事業法の対象となる役務の場合のみ（自社商品の通信販売は対象外）',
    en: 'only for a service under the Act; a shop of own goods is none',
  },
  weaker: { ja: '法令より緩い記載', en: 'Weaker than the law' },
  weakerLead: {
    ja: '記載が法令より緩い点です。「適用される内容」が、記載に代わって適用されます。',
    en: 'Where the text is weaker than the law, and what is applied instead.',
  },
  weakerNone: { ja: '法令より緩い記載はありません。', en: 'Nothing is weaker than the law.' },
  whole: { ja: '（ファイル全体）', en: '(the whole file)' },
  floor: { ja: '適用される内容', en: 'Applied instead' },
  uses: { ja: '利用できる範囲', en: 'What may be done' },
  usesLead: {
    ja: '区分ごとの、目的とチャネルの組み合わせです。',
    en: 'Purposes by channels, for each category of people.',
  },
  purpose: { ja: '目的', en: 'Purpose' },
  noUse: { ja: '目的なし', en: 'no purpose' },
  opt_in: { ja: '事前同意', en: 'opt-in' },
  clause: { ja: '停止まで', en: 'until stopped' },
  free: { ja: '同意不要', en: 'free' },
  own_consent: { ja: '個別同意', en: 'own consent' },
  recipient: { ja: '提供先ごと', en: 'by recipient' },
  none: { ja: '－', en: '-' },
} as const satisfies WordTable;

export const VERSION_STATES = {
  draft: { ja: '未適用', en: 'never live' },
  requested: { ja: '承認待ち', en: 'waits for approval' },
  in_force: { ja: '有効', en: 'in force' },
  off: { ja: '無効', en: 'switched off' },
} as const satisfies WordTable<PolicyVersion['state']>;

/** What the law wants published. */
export const MISSING_WORDS = {
  operator_name: { ja: '事業者の名称', en: 'name of the company' },
  operator_address: { ja: '事業者の住所', en: 'address of the company' },
  operator_representative: { ja: '代表者の氏名', en: 'name of the representative' },
  purposes: { ja: '利用目的', en: 'purposes of a category of people' },
  procedures: { ja: '開示などの請求手続き', en: 'how to ask for disclosure and the like' },
  safety_measures: { ja: '安全管理のための措置', en: 'safety measures' },
  complaint_desk: { ja: '苦情の申出先', en: 'where to complain' },
  accredited_body: {
    ja: '認定個人情報保護団体の名称と申出先',
    en: 'accredited body, and where to complain there',
  },
  joint_use_address: {
    ja: '共同利用の管理責任者の住所',
    en: 'address of who is responsible for a joint use',
  },
  joint_use_representative: {
    ja: '共同利用の管理責任者の代表者',
    en: 'representative of who is responsible for a joint use',
  },
  filing_operator: {
    ja: 'オプトアウト届出：事業者の名称・住所・代表者',
    en: 'opt-out filing: name, address and representative',
  },
  filing_items: { ja: 'オプトアウト届出：提供する項目', en: 'opt-out filing: data items' },
  filing_how_acquired: { ja: 'オプトアウト届出：取得の方法', en: 'opt-out filing: how acquired' },
  filing_how_provided: { ja: 'オプトアウト届出：提供の方法', en: 'opt-out filing: how provided' },
  filing_how_to_stop: {
    ja: 'オプトアウト届出：停止の求めを受け付ける方法',
    en: 'opt-out filing: that and how people stop it',
  },
  filing_how_updated: { ja: 'オプトアウト届出：更新の方法', en: 'opt-out filing: how updated' },
  filing_start: { ja: 'オプトアウト届出：提供の開始予定日', en: 'opt-out filing: start date' },
  transmitted_items: {
    ja: '外部送信される利用者情報の内容',
    en: 'what is sent to others from a visitor’s device',
  },
} as const satisfies WordTable<MissingItem['item']>;
