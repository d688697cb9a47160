import { LANGS, type Lang } from './lang.js';

/** One text in every language. `{name}` stands for a value that is filled in. */
export type Words = Readonly<Record<Lang, string>>;

/** Texts by key. The type makes each key exist in every language. */
export type WordTable<K extends string = string> = Readonly<Record<K, Words>>;

export type Values = Readonly<Record<string, string | number>>;

/** Says a text of a table in one language. */
export type Say<K extends string> = (key: K, values?: Values) => string;

export const speak =
  <K extends string>(table: WordTable<K>, lang: Lang): Say<K> =>
  (key, values = {}) =>
    table[key][lang].replaceAll(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));

/**
 * What is wrong with a table, one line a fault: a text that is empty, that lacks a value of the other
 * language, or that was not translated.
 *
 * @param same keys whose text is rightly the same in both languages, such as names
 */
export function faultsOfWords(table: WordTable, same: readonly string[] = []): string[] {
  return Object.entries(table).flatMap(([key, words]) => [
    ...LANGS.filter((lang) => words[lang].trim() === '').map((lang) => `${key}: empty in ${lang}`),
    ...(holes(words.ja) === holes(words.en) ? [] : [`${key}: other values in ja than in en`]),
    ...(words.ja === words.en && !same.includes(key) ? [`${key}: not translated`] : []),
  ]);
}

const holes = (text: string): string =>
  [...text.matchAll(/\{\w+\}/g)]
    .map(([hole]) => hole)
    .sort()
    .join();
