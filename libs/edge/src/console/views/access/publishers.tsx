import type { PublisherAnswer } from '@kyoka/contracts';
import { Badge, type Column, DataTable, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import { ACCESS } from '../../words/access.js';
import { PublisherActs } from './publisher-acts.js';

interface PublishersProps {
  readonly publishers: readonly PublisherAnswer[];
  readonly csrf: string | undefined;
}

/** Who may publish which events, under which keys. Of a key its id alone is known here. */
export function Publishers({ publishers, csrf }: PublishersProps): VNode {
  const say = useWords(ACCESS);
  const { moment } = useFormats();
  const columns: Column<PublisherAnswer>[] = [
    { title: say('name'), names: true, cell: ({ name }) => name },
    { title: say('sources'), cell: ({ sources }) => sources.join(', ') },
    {
      title: say('types'),
      cell: ({ types }) => (
        <ul class="plain">
          {types.map((type) => (
            <li key={type}>
              <code>{type}</code>
            </li>
          ))}
        </ul>
      ),
    },
    {
      title: say('keys'),
      cell: ({ keys }) => (
        <ul class="plain">
          {keys.map(({ kid, endsAt }) => (
            <li key={kid}>{say('keyUntil', { kid, at: moment(endsAt) })}</li>
          ))}
        </ul>
      ),
    },
    {
      title: say('period'),
      cell: ({ validUntil, revokedBy }) => (
        <>
          {moment(validUntil)}{' '}
          {revokedBy !== undefined && (
            <Badge tone="plain">{say('revoked', { owner: revokedBy })}</Badge>
          )}
        </>
      ),
    },
    {
      title: say('act'),
      cell: (publisher) =>
        publisher.revokedAt === undefined && <PublisherActs publisher={publisher} csrf={csrf} />,
    },
  ];
  return (
    <DataTable
      caption={say('publishers')}
      rows={publishers}
      columns={columns}
      empty={say('noPublisher')}
    />
  );
}
