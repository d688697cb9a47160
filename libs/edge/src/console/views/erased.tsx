import type { ErasedSubject } from '@kyoka/contracts';
import { type Fact, Facts, speak, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import { PEOPLE } from '../words/people.js';
import { ConsolePage, type Reader } from './console-page.js';

/** A record that was erased: the receipt alone. */
export function ErasedPage({
  subject,
  ...reader
}: Reader & { readonly subject: ErasedSubject }): VNode {
  const say = speak(PEOPLE, reader.lang);
  return (
    <ConsolePage {...reader} place="people" path={`/people/${subject.id}`} title={say('erased')}>
      <p>{say('erasedLead')}</p>
      <Receipt subject={subject} />
    </ConsolePage>
  );
}

function Receipt({ subject: { id, erased } }: { subject: ErasedSubject }): VNode {
  const say = useWords(PEOPLE);
  const { moment, day } = useFormats();
  const facts: Fact[] = [
    [say('id'), <code>{id}</code>],
    [say('asked'), <a href={`/suspensions/${erased.id}`}>{moment(erased.requestedAt)}</a>],
    ...known(say('erasedAt'), erased.erasedAt, moment),
    ...known(say('unreadableAfter'), erased.unreadableAfter, day),
    ...known(say('recordsUntil'), erased.recordsUntil, day),
  ];
  return (
    <div class="panel">
      <Facts facts={facts} />
    </div>
  );
}

const known = (name: string, at: string | undefined, tell: (at: string) => string): Fact[] =>
  at === undefined ? [] : [[name, tell(at)]];
