/** The languages of every page. */
export const LANGS = ['ja', 'en'] as const;
export type Lang = (typeof LANGS)[number];

const LANG_COOKIE = 'kyoka_lang';

const isLang = (text: string | undefined): text is Lang => LANGS.some((lang) => lang === text);

/** What of a request tells the language of whoever asks. */
export interface LangSigns {
  /** `?lang=`. */
  readonly query?: string | undefined;
  /** The header `Cookie`. */
  readonly cookie?: string | undefined;
  /** The header `Accept-Language`. */
  readonly accept?: string | undefined;
}

/** What was asked for, else what was chosen before, else what the browser prefers, else Japanese. */
export function chooseLang({ query, cookie, accept }: LangSigns): Lang {
  if (isLang(query)) return query;
  const chosen = cookieOf(cookie, LANG_COOKIE);
  return isLang(chosen) ? chosen : (preferred(accept ?? '') ?? 'ja');
}

/** The cookie that remembers a choice for a year. It names no person. */
export const langCookie = (lang: Lang): string =>
  `${LANG_COOKIE}=${lang}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly`;

function cookieOf(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);
}

/** The first of our languages in the order of their weights (RFC 9110, 12.5.4). */
function preferred(accept: string): Lang | undefined {
  return accept
    .slice(0, 256)
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.trim().toLowerCase().split(';');
      const weight = parameters.map((one) => /^\s*q=([\d.]+)\s*$/.exec(one)?.[1]).find(Boolean);
      return { lang: tag.split('-')[0], weight: weight === undefined ? 1 : Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ lang }) => lang)
    .find(isLang);
}
