import { Button, Form, type Lang, Notice, speak } from '@kyoka/pages';
import type { PersonView } from '@kyoka/person';
import type { VNode } from 'preact';
import { ACT_WORDS } from '../words/page-words.js';
import { Frame } from './frame.js';
import { scopeText } from './stop-text.js';

/** What a person sees who follows a one-click link: a button, and nothing has happened yet. */
export function OneClickPage({
  lang,
  names,
  scope,
  path,
}: {
  lang: Lang;
  names: Pick<PersonView, 'policy' | 'recipientNames'>;
  scope: { readonly purposes: readonly string[]; readonly channels: readonly string[] };
  path: string;
}): VNode {
  const say = speak(ACT_WORDS, lang);
  const stop = { ...scope, id: '', kind: 'withdrawal', recipients: ['*'], at: '' } as const;
  return (
    <Frame lang={lang} words={ACT_WORDS} title="oneClickTitle">
      <p>{say('oneClickLead')}</p>
      <ul>
        <li>{scopeText(stop, names, lang)}</li>
      </ul>
      <Form action={path} hidden={{ 'List-Unsubscribe': 'One-Click' }}>
        <Button kind="main">{say('oneClick')}</Button>
      </Form>
    </Frame>
  );
}

export function UnsubscribedPage({ lang }: { lang: Lang }): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title="oneClickTitle">
      <Notice tone="good">{say('oneClickDone')}</Notice>
    </Frame>
  );
}

/** The one answer for every link that opens nothing, whyever it doesn't. */
export function InvalidLinkPage({ lang }: { lang: Lang }): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title="invalidTitle">
      <p>{say('invalidLead')}</p>
    </Frame>
  );
}
