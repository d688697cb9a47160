import type { ErrorCode, KyokaError } from '@kyoka/kernel';
import { type Lang, Notice, Page, speak } from '@kyoka/pages';
import type { VNode } from 'preact';
import { isAnswered } from './fault-status.js';
import { FAULT_WORDS, PROBLEM_WORDS } from './fault-words.js';

type Next = { readonly word: 'signIn' | 'home'; readonly to: string };

/** Where one of the company's people goes on from a refusal. */
export const nextFor = (code: ErrorCode): Next =>
  code === 'unauthenticated' ? { word: 'signIn', to: '/sign-in' } : { word: 'home', to: '/' };

export interface ProblemPageProps {
  readonly lang: Lang;
  readonly fault: Pick<KyokaError, 'code' | 'faults'>;
  /** Seconds after which it may go well. */
  readonly wait?: number | undefined;
  /** None for a person, who has only their link. */
  readonly next?: Next | undefined;
}

/** A refusal for somebody who reads pages, without anything of what they sent. */
export function ProblemPage({ lang, fault, wait, next }: ProblemPageProps): VNode {
  const say = speak(PROBLEM_WORDS, lang);
  const code = isAnswered(fault.code) ? fault.code : 'internal';
  const scopes = fault.faults.filter(({ field }) => field === 'scope');
  return (
    <Page lang={lang} title={say('title')}>
      <h1>{say('title')}</h1>
      <Notice tone="bad">
        <p>{speak(FAULT_WORDS, lang)(code)}</p>
        {scopes.map(({ expected }) => (
          <p key={expected}>{say('scope', { scope: expected })}</p>
        ))}
        {wait !== undefined && <p>{say('wait', { n: wait })}</p>}
      </Notice>
      {next !== undefined && (
        <p>
          <a href={next.to}>{say(next.word)}</a>
        </p>
      )}
    </Page>
  );
}
