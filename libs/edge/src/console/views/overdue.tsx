import { DataTable, speak, useFormats, useWords, type WordTable } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { OverdueRemoval } from '../read/removals.js';
import { FRAME } from '../words/frame.js';
import { OVERDUE } from '../words/stops.js';
import { useMayFollow } from './may-follow.js';
import { useNames } from './use-names.js';
import { ConsolePage, type Reader } from './console-page.js';

export function OverduePage(
  props: Reader & { readonly removals: readonly OverdueRemoval[] },
): VNode {
  const { removals, ...reader } = props;
  const say = speak(OVERDUE, reader.lang);
  return (
    <ConsolePage {...reader} place="overdue" title={say('title')}>
      <p>{say('lead')}</p>
      <OverdueTable removals={removals} canRead={reader.caller.scopes.has('subjects:read')} />
    </ConsolePage>
  );
}

function OverdueTable({
  removals,
  canRead,
}: {
  removals: readonly OverdueRemoval[];
  canRead: boolean;
}): VNode {
  const say = useWords(OVERDUE);
  const cause = useWords(OVERDUE as WordTable);
  const frame = useWords(FRAME);
  const names = useNames();
  const follows = useMayFollow();
  const { moment, number } = useFormats();
  return (
    <DataTable
      caption={say('caption')}
      rows={removals}
      empty={say('none')}
      columns={[
        { title: say('dueBy'), names: true, cell: ({ dueBy }) => moment(dueBy) },
        {
          title: frame('recipient'),
          cell: ({ recipient, audience }) => (
            <>
              {names.recipient(recipient)}:{' '}
              <a href={`/audiences/${audience.id}`}>{audience.name}</a>
            </>
          ),
        },
        {
          title: say('cause'),
          cell: (removal) =>
            removal.stops[0] === undefined ? (
              cause(removal.cause)
            ) : !follows ? (
              say('stop')
            ) : (
              <a href={`/suspensions/${removal.stops[0]}`}>{say('stop')}</a>
            ),
        },
        {
          title: say('record'),
          cell: ({ subject }) => {
            if (!follows) return '';
            const id = <code>{subject.slice(0, 8)}</code>;
            return canRead ? <a href={`/people/${subject}`}>{id}</a> : id;
          },
        },
        { title: say('requested'), cell: ({ requestedAt }) => moment(requestedAt) },
        { title: say('sends'), amount: true, cell: ({ sends }) => number(sends) },
      ]}
    />
  );
}
