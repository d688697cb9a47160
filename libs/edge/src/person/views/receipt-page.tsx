import {
  Badge,
  DataTable,
  Facts,
  type Lang,
  Moment,
  Notice,
  Section,
  speak,
  type Tone,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { PersonView, StopReceipt } from '@kyoka/person';
import type { VNode } from 'preact';
import { progressByRecipient, type RemovalProgress } from '../../services/removal-progress.js';
import { ACT_WORDS } from '../words/page-words.js';
import { recipientName } from './cell-names.js';
import { Frame } from './frame.js';
import { scopeText } from './stop-text.js';

interface ReceiptProps {
  readonly lang: Lang;
  readonly names: Pick<PersonView, 'policy' | 'recipientNames'>;
  readonly receipts: readonly StopReceipt[];
  /** Path of the preference page. */
  readonly path: string;
  /** Whether it answers the act itself. */
  readonly fresh: boolean;
  readonly mailed?: boolean;
}

/** What was stopped, where, and until when; live, and there for as long as the link is. */
export function ReceiptPage({ lang, names, receipts, path, fresh, mailed }: ReceiptProps): VNode {
  const say = speak(ACT_WORDS, lang);
  return (
    <Frame lang={lang} words={ACT_WORDS} title={fresh ? 'stopped' : 'receipt'}>
      <Notice tone="good">
        <p>{say('stoppedLead')}</p>
        {mailed === true && <p>{say('mailed')}</p>}
      </Notice>
      {receipts.map((receipt) => (
        <Section key={receipt.id} id={`stop-${receipt.id}`} title={scopeText(receipt, names, lang)}>
          <Facts
            facts={[
              [say('from'), <Moment key="from" at={receipt.at} precise />],
              [say('until'), say('untilYou')],
            ]}
          />
          <h3>{say('where')}</h3>
          <Removals lang={lang} names={names} receipt={receipt} />
        </Section>
      ))}
      {receipts.slice(0, 1).map(({ id }) => (
        <p key={id}>
          <a href={`${path}/stops/${id}`}>{say('refresh')}</a>
        </p>
      ))}
      <p>{say('keep')}</p>
      <p>
        <a href={path}>{say('back')}</a>
      </p>
    </Frame>
  );
}

function Removals({
  lang,
  names,
  receipt,
}: Pick<ReceiptProps, 'lang' | 'names'> & { receipt: StopReceipt }): VNode {
  const say = speak(ACT_WORDS, lang);
  const progress = progressByRecipient(receipt.removals);
  if (progress.length === 0) {
    return receipt.followed ? <p>{say('nowhere')}</p> : <p role="status">{say('looking')}</p>;
  }
  return (
    <>
      <DataTable
        caption={say('where')}
        columns={[
          {
            title: say('company'),
            names: true,
            cell: ({ recipient }) => recipientName(names.recipientNames, recipient),
          },
          { title: say('state'), cell: (one) => <RemovalState progress={one} /> },
        ]}
        rows={progress}
      />
      {!receipt.followed && <p role="status">{say('looking')}</p>}
    </>
  );
}

const TONES: Readonly<Record<RemovalProgress['state'], Tone>> = {
  confirmed: 'good',
  unconfirmed: 'warn',
  overdue: 'bad',
};

function RemovalState({
  progress: { state, until, confirmedAt },
}: {
  progress: RemovalProgress;
}): VNode {
  return (
    <>
      <Badge tone={TONES[state]}>
        <Said word={state} />
      </Badge>{' '}
      {state === 'confirmed' && confirmedAt !== undefined && <Moment at={confirmedAt} />}
      {state !== 'confirmed' && until !== undefined && <Until at={until} />}
    </>
  );
}

function Said({ word }: { word: RemovalProgress['state'] }): VNode {
  return <>{useWords(ACT_WORDS)(word)}</>;
}

function Until({ at }: { at: string }): VNode {
  const { moment } = useFormats();
  return <>{useWords(ACT_WORDS)('unconfirmedUntil', { moment: moment(at) })}</>;
}
