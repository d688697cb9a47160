import { Button, Form, type Lang, type NavigationLink, Notice, Page, speak } from '@kyoka/pages';
import type { VNode } from 'preact';
import { SIGN_IN_WORDS } from './words.js';

/** Why somebody was not let in. */
export type Refusal = 'again' | 'noRole' | 'away';

export function SignInPage({
  lang,
  to,
  hasProvider,
  footer,
}: {
  readonly lang: Lang;
  readonly to: string;
  readonly hasProvider: boolean;
  readonly footer: readonly NavigationLink[];
}): VNode {
  const say = speak(SIGN_IN_WORDS, lang);
  return (
    <Page lang={lang} title={say('title')} path="/sign-in" footer={footer}>
      <h1>{say('title')}</h1>
      {hasProvider ? (
        <>
          <p>{say('intro')}</p>
          <p>
            <a class="button main" href={`/sign-in/start?to=${encodeURIComponent(to)}`}>
              {say('go')}
            </a>
          </p>
        </>
      ) : (
        <p>{say('noProvider')}</p>
      )}
    </Page>
  );
}

/** The one-time link: opening it does nothing, its button does. It names no path, which is the secret. */
export function LinkPage({
  lang,
  secret,
}: {
  readonly lang: Lang;
  readonly secret: string;
}): VNode {
  const say = speak(SIGN_IN_WORDS, lang);
  return (
    <Page lang={lang} title={say('title')}>
      <h1>{say('title')}</h1>
      <p>{say('linkIntro')}</p>
      <Form action={`/sign-in/once/${encodeURIComponent(secret)}`}>
        <Button kind="main">{say('linkGo')}</Button>
      </Form>
    </Page>
  );
}

export function RefusedPage({
  lang,
  refusal,
}: {
  readonly lang: Lang;
  readonly refusal: Refusal;
}): VNode {
  const say = speak(SIGN_IN_WORDS, lang);
  return (
    <Page lang={lang} title={say('refusedTitle')}>
      <h1>{say('refusedTitle')}</h1>
      <Notice tone="bad">{say(refusal)}</Notice>
      <p>
        <a href="/sign-in">{say('back')}</a>
      </p>
    </Page>
  );
}
