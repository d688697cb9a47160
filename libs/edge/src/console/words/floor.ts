import type { Lang } from '@kyoka/pages';
import type { FloorCode, WeakerPoint } from '@kyoka/policy';
import { BASIS_WORDS, GROUND_WORDS, REQUEST_WORDS } from '../../published/words/lists.js';

/** What the law's floor is where a text is weaker, in Japanese; in English the point says it itself. */
const FLOOR_JA: Readonly<Record<FloorCode, string>> = {
  opt_in: '事前の同意とその記録',
  ad_bases: '次の根拠のみ：{about}',
  hashed: 'ハッシュ化した連絡先も個人データとして扱う',
  review_months: '{about}か月ごとの確認',
  supervision: '契約と監督（教育のみでは足りない）',
  notice_before_submitting: '送信される前の通知',
  notice_before_typing: '入力される前の通知',
  group_use: 'グループ会社も第三者として扱う',
  joint_use_notice: '管理責任者の住所・代表者を示す。示さない限り共同利用しない',
  filing: '{about}項目すべての届出。そろわない限りオプトアウトによる提供をしない',
  exceptions: '法令にない理由のため、提供しない',
  refused_grounds: '法令にない理由のため、提供しない',
  retention: '利用する必要がなくなったとき、または正当な請求があったときに消去',
  rights: '{about}にも応じる',
  fees: '手数料は次の請求に限る：{about}',
  electronic_answer: '本人が望む場合は電磁的記録で回答',
  answer_days: '遅滞なく回答（{about}日が過ぎると訴えを提起される場合がある）',
  suspension_grounds: '次の理由でも応じる：{about}',
  excluded: '個人に結び付く情報は開示する',
  identity: '保険証に代えて資格確認書',
};

const LISTED: Readonly<Record<string, { readonly ja: string }>> = {
  ...BASIS_WORDS,
  ...GROUND_WORDS,
  ...REQUEST_WORDS,
};

/** What is applied in place of a point that is weaker than the law. */
export function floorText({ code, about = [], floor }: WeakerPoint, lang: Lang): string {
  if (lang === 'en') return floor;
  const named = about.map((one) => LISTED[one]?.ja ?? String(one)).join('、');
  return FLOOR_JA[code].replace('{about}', named);
}

const LAWS_JA: Readonly<Record<string, string>> = {
  APPI: '個人情報保護法',
  'Cabinet Order': '個人情報保護法施行令',
  'Enforcement Rules': '個人情報保護法施行規則',
  'Email Act': '特定電子メール法',
  ASCT: '特定商取引法',
  'Telecommunications Business Act': '電気通信事業法',
  'PPC General Guidelines': '個人情報保護法ガイドライン（通則編）',
};
const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'];
/** Article, its branch, paragraph and item: 27-12, 27(2)(viii), 10(iii). */
const PLACE = /(\d+)(?:-(\d+))?(?:\((\d+)\))?(?:\(([ivx]+)\))?/g;

/** A provision as Japanese law is cited; as it stands where the law is none that is known here. */
export function articleText(article: string, lang: Lang): string {
  if (lang === 'en') return article;
  const cited = article.split('; ').map((one) => {
    const [, law = '', art, places = ''] = /^(.*?) (Art\. )?(\d.*)$/.exec(one) ?? [];
    const name = LAWS_JA[law];
    if (name === undefined) return undefined;
    return name + (art === undefined ? places : citedPlaces(places));
  });
  return cited.includes(undefined) ? article : cited.join('、');
}

const citedPlaces = (places: string): string =>
  places
    .replaceAll(PLACE, (_, number: string, branch?: string, paragraph?: string, item?: string) =>
      [
        `第${number}条`,
        branch && `の${branch}`,
        paragraph && `第${paragraph}項`,
        item && `第${ROMAN.indexOf(item) + 1}号`,
      ]
        .filter(Boolean)
        .join(''),
    )
    .replaceAll(', ', '、')
    .replaceAll(' to ', '～');
