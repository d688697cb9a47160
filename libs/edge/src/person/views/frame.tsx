import { type Lang, Page, speak, type WordTable } from '@kyoka/pages';
import type { ComponentChildren, VNode } from 'preact';
import { policiesLink } from '../../published/link.js';

interface FrameProps<K extends string> {
  readonly lang: Lang;
  readonly words: WordTable<K>;
  readonly title: K;
  readonly children: ComponentChildren;
}

/**
 * A page of the person: one heading, no menu. The choice of language is a link of a query alone, so
 * that no page writes out the secret that its path is.
 */
export function Frame<K extends string>({ lang, words, title, children }: FrameProps<K>): VNode {
  const heading = speak(words, lang)(title);
  return (
    <Page lang={lang} title={heading} path="" footer={[policiesLink(lang)]}>
      <h1>{heading}</h1>
      {children}
    </Page>
  );
}
