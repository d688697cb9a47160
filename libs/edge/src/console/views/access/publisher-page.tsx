import type { PublisherAnswer, PublisherKeyAnswer } from '@kyoka/contracts';
import { ErrorSummary, speak } from '@kyoka/pages';
import type { VNode } from 'preact';
import { ACCESS } from '../../words/access.js';
import { ConsolePage, type Reader } from '../console-page.js';
import { PublisherActs } from './publisher-acts.js';
import { Secret } from './secret.js';

export interface PublisherPageProps extends Reader {
  readonly publisher: PublisherAnswer;
  /** The key that was just made. */
  readonly made?: PublisherKeyAnswer;
  readonly fault?: 'needOverlap' | 'needReason';
}

/** What came of an act on one publisher: its new key, or what is wrong with the form. */
export function PublisherPage({ publisher, made, fault, ...reader }: PublisherPageProps): VNode {
  const say = speak(ACCESS, reader.lang);
  const { name, id } = publisher;
  const field = fault === 'needOverlap' ? `overlap-${id}` : `reason-${id}`;
  return (
    <ConsolePage
      {...reader}
      place="access"
      title={made === undefined ? name : say('keyTitle', { name })}
    >
      <ErrorSummary faults={fault === undefined ? [] : [{ name: field, text: say(fault) }]} />
      {made !== undefined && (
        <Secret
          title={say('keyTitle', { name })}
          facts={[[say('keyId'), <code>{made.kid}</code>]]}
          secret={made.key}
        />
      )}
      {made === undefined && (
        <PublisherActs publisher={publisher} csrf={reader.caller.csrf} fault={fault} />
      )}
      <p>
        <a href="/access">{say('back')}</a>
      </p>
    </ConsolePage>
  );
}
