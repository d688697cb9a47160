import type { ListedSession } from '@kyoka/access';
import { formatInstant } from '@kyoka/kernel';
import { Badge, Button, DataTable, Form, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import { ACCESS, ROLE_WORDS } from '../../words/access.js';

interface SessionsProps {
  readonly sessions: readonly ListedSession[];
  /** The session of whoever looks. */
  readonly own: string;
  readonly csrf: string | undefined;
}

/** Who is signed in. */
export function Sessions({ sessions, own, csrf }: SessionsProps): VNode {
  const say = useWords(ACCESS);
  const role = useWords(ROLE_WORDS);
  const { moment } = useFormats();
  const isRole = (name: string): name is keyof typeof ROLE_WORDS => name in ROLE_WORDS;
  return (
    <DataTable
      caption={say('sessions')}
      rows={sessions}
      empty={say('noSession')}
      columns={[
        {
          title: say('owner'),
          names: true,
          cell: ({ owner, id }) => (
            <>
              {owner} {id === own && <Badge tone="good">{say('thisOne')}</Badge>}
            </>
          ),
        },
        {
          title: say('roles'),
          cell: ({ roles }) => roles.map((one) => (isRole(one) ? role(one) : one)).join(' · '),
        },
        { title: say('via'), cell: ({ via }) => say(via) },
        { title: say('since'), cell: ({ startsAt }) => moment(formatInstant(startsAt)) },
        { title: say('seen'), cell: ({ seenAt }) => moment(formatInstant(seenAt)) },
        { title: say('period'), cell: ({ endsAt }) => moment(formatInstant(endsAt)) },
        {
          title: say('act'),
          cell: ({ id, owner, startsAt }) => (
            <Form action="/access/sessions/end" csrf={csrf} hidden={{ id }}>
              <Button kind="bad" about={`${owner}, ${moment(formatInstant(startsAt))}`}>
                {say('end')}
              </Button>
            </Form>
          ),
        },
      ]}
    />
  );
}
