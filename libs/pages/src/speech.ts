import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Formats, formats } from './words/format.js';
import type { Lang } from './words/lang.js';
import { type Say, speak, type WordTable } from './words/words.js';

/** The language of the page that is being rendered; set by `Page`. */
export const LangContext = createContext<Lang>('ja');

export const useLang = (): Lang => useContext(LangContext);

/** Texts of a table in the language of the page. */
export const useWords = <K extends string>(table: WordTable<K>): Say<K> => speak(table, useLang());

export const useFormats = (): Formats => formats(useLang());
