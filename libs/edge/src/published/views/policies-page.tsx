import { type Lang, Page, speak } from '@kyoka/pages';
import type { Policy } from '@kyoka/policy';
import type { VNode } from 'preact';
import { PUBLISHED } from '../words/page.js';

/** The policies in force, where there is not just one. */
export function PoliciesInForcePage({
  lang,
  policies,
}: {
  readonly lang: Lang;
  readonly policies: readonly Policy[];
}): VNode {
  const say = speak(PUBLISHED, lang);
  return (
    <Page lang={lang} title={say('title')} path="/policy" open>
      <h1>{say('title')}</h1>
      <p>{say(policies.length === 0 ? 'none' : 'several')}</p>
      <ul>
        {policies.map(({ policy: { id, title, title_ja: ja } }) => (
          <li key={id}>
            <a href={`/policy/${id}`}>{lang === 'ja' ? (ja ?? title) : title}</a>
          </li>
        ))}
      </ul>
    </Page>
  );
}
