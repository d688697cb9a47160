import { type Lang, speak, useLang, useWords, type WordTable } from '@kyoka/pages';
import type { Policy } from '@kyoka/policy';
import { createContext, type VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { DATA_WORDS } from '../words/lists.js';
import { PUBLISHED } from '../words/page.js';

/** In a cell of a table for which there is nothing to say. */
export const NOTHING = '－';

/** Where the text of the policy at hand is, and the ids of its sections. */
export const TextContext = createContext<{
  readonly path: string;
  readonly sections: readonly string[];
}>({ path: '', sections: [] });

/** The anchor of a section on the page of the text. */
export const anchorOf = (position: number): string => `section-${position + 1}`;

/** Where the text says it: each section as a link to its place. */
export function Clause({ clause }: { readonly clause: string }): VNode {
  const { path, sections } = useContext(TextContext);
  const say = useWords(PUBLISHED);
  return (
    <>
      {clause.split('; ').map((id, index) => {
        const position = sections.indexOf(id);
        return (
          <>
            {index > 0 && say('and')}
            {position < 0 ? id : <a href={`${path}#${anchorOf(position)}`}>{id}</a>}
          </>
        );
      })}
    </>
  );
}

interface Labelled {
  readonly label: string;
  readonly label_ja?: string | undefined;
}

/** What something is called in the policy's own words. */
export const labelOf = ({ label, label_ja: ja }: Labelled, lang: Lang): string =>
  lang === 'ja' ? (ja ?? label) : label;

/** Words of the policy in the language of the page; where it has them in English alone, said to be English. */
export function Own({ en, ja }: { readonly en: string; readonly ja?: string | undefined }): VNode {
  const lang = useLang();
  if (lang === 'en') return <>{en}</>;
  return ja === undefined ? <span lang="en">{en}</span> : <>{ja}</>;
}

/** In place of what the law wants said and the policy doesn't say. */
export function Unstated({ policy }: { readonly policy: Policy }): VNode {
  const say = useWords(PUBLISHED);
  const { phone, email, address } = policy.controller?.desk ?? {};
  const desk = phone ?? email ?? address;
  return <span class="quiet">{say(desk ? 'notStatedAsk' : 'notStated')}</span>;
}

/** Several things in one line. */
const joined = (parts: readonly string[], lang: Lang): string => parts.join(PUBLISHED.and[lang]);

/** Several words of a closed list in one line. */
export const wordsOf = <K extends string>(
  table: WordTable<K>,
  keys: readonly K[],
  lang: Lang,
): string =>
  joined(
    keys.map((key) => speak(table, lang)(key)),
    lang,
  );

/** Items of data in one line; one that has no word here goes by the policy's own. */
export const itemsOf = (ids: readonly string[], lang: Lang): string =>
  joined(
    ids.map((id) => (DATA_WORDS as WordTable)[id]?.[lang] ?? id.replaceAll('_', ' ')),
    lang,
  );

export const purposesNamed = (policy: Policy, ids: readonly string[], lang: Lang): string =>
  joined(
    ids.map((id) => {
      const purpose = policy.purposes.find((one) => one.id === id);
      return purpose === undefined ? id : labelOf(purpose, lang);
    }),
    lang,
  );

export const categoriesNamed = (policy: Policy, ids: readonly string[], lang: Lang): string =>
  joined(
    policy.categories.filter(({ id }) => ids.includes(id)).map((one) => labelOf(one, lang)),
    lang,
  );

/** A list of what the policy names, each in its own words. */
export function Named({
  items,
}: {
  readonly items: readonly (Labelled & { readonly id: string; readonly clause: string })[];
}): VNode {
  return (
    <ul>
      {items.map(({ id, label, label_ja: ja }) => (
        <li key={id}>
          <Own en={label} ja={ja} />
        </li>
      ))}
    </ul>
  );
}
