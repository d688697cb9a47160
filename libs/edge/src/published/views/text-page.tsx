import { Facts, type Lang, Page, speak } from '@kyoka/pages';
import type { Policy, PublishedText } from '@kyoka/policy';
import type { VNode } from 'preact';
import { DUTY_TEXTS, PUBLISHED } from '../words/page.js';
import { anchorOf } from './parts.js';

type TextOf = NonNullable<Policy['policy']['text']>;

/** A published text as it is, with an anchor where each of its sections begins. */
export function TextPage({
  lang,
  path,
  policy,
  text,
}: {
  readonly lang: Lang;
  /** Path of the page about the policy. */
  readonly path: string;
  readonly policy: Policy;
  readonly text: PublishedText;
}): VNode {
  const say = speak(DUTY_TEXTS, lang);
  const page = speak(PUBLISHED, lang);
  const { title, title_ja: ja, text: stated, version } = policy.policy;
  const heading = say('fullText', { title: lang === 'ja' ? (ja ?? title) : title });
  const language = stated?.language ?? 'ja';
  return (
    <Page lang={lang} title={heading} path={`${path}/text`} open>
      <h1>{heading}</h1>
      <p>
        {say('textLead')}{' '}
        {language !== lang && say(language === 'en' ? 'textLanguage' : 'textJapanese')}
      </p>
      <Facts
        facts={[
          [page('version'), page('versionNumber', { version })],
          [say('hash'), <code>{text.sha256}</code>],
        ]}
      />
      <p>
        <a href={path}>{say('back')}</a>
      </p>
      <article class="panel text" lang={language}>
        {linesOf(text.text, stated?.sections ?? {}).map(({ line, anchors }, index) => (
          <p key={index}>
            {anchors.map((id) => (
              <span key={id} id={id} />
            ))}
            {line}
          </p>
        ))}
      </article>
    </Page>
  );
}

/** The lines that hold something, each with the anchors of the sections that begin in it. */
function linesOf(text: string, sections: TextOf['sections']) {
  const starts = Object.values(sections).map((words) => text.indexOf(words));
  let from = 0;
  return text
    .split('\n')
    .map((line) => {
      const to = from + line.length;
      const anchors = starts.flatMap((start, position) =>
        start >= from && start <= to ? [anchorOf(position)] : [],
      );
      from = to + 1;
      return { line: line.trim(), anchors };
    })
    .filter(({ line }) => line !== '');
}
