import type { TokensAnswer } from '@kyoka/contracts';
import {
  Badge,
  Button,
  type Column,
  DataTable,
  Form,
  useFormats,
  useWords,
  type WordTable,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import { ACCESS, SCOPE_WORDS } from '../../words/access.js';

type Token = TokensAnswer['tokens'][number];

interface TokensProps {
  readonly tokens: readonly Token[];
  readonly now: string;
  readonly csrf: string | undefined;
}

/** Tokens and what became of them. Of their secret nothing is known here. */
export function Tokens({ tokens, now, csrf }: TokensProps): VNode {
  const say = useWords(ACCESS);
  const { moment, number } = useFormats();
  const columns: Column<Token>[] = [
    { title: say('name'), names: true, cell: ({ name }) => name },
    { title: say('owner'), cell: ({ owner }) => owner },
    { title: say('scopes'), cell: ({ scopes }) => <Scopes scopes={scopes} /> },
    { title: say('period'), cell: (token) => <Period token={token} now={now} /> },
    {
      title: say('used'),
      cell: ({ usedAt }) => (usedAt === undefined ? say('never') : moment(usedAt)),
    },
    {
      title: say('quota'),
      amount: true,
      cell: ({ quotaPerMinute: quota }) => (quota === undefined ? say('usual') : number(quota)),
    },
    {
      title: say('act'),
      cell: (token) => stands(token, now) && <Revoke token={token} csrf={csrf} />,
    },
  ];
  return (
    <DataTable caption={say('tokens')} rows={tokens} columns={columns} empty={say('noToken')} />
  );
}

/** Moments are ISO 8601 in UTC, so they order as texts. */
const stands = ({ revokedAt, endsAt }: Token, now: string): boolean =>
  revokedAt === undefined && endsAt >= now;

function Scopes({ scopes }: { scopes: readonly string[] }): VNode {
  const word = useWords(SCOPE_WORDS as WordTable);
  const say = useWords(ACCESS);
  const named = scopes.map((scope) => (scope in SCOPE_WORDS ? word(scope) : scope));
  if (named.length <= FEW) return <>{named.join(' · ')}</>;
  return (
    <details>
      <summary>{say('rights', { n: named.length })}</summary>
      {named.join(' · ')}
    </details>
  );
}

/** How many rights are named without being asked for. */
const FEW = 4;

function Period({ token, now }: { token: Token; now: string }): VNode {
  const say = useWords(ACCESS);
  const { moment } = useFormats();
  const { revokedBy, endsAt } = token;
  return (
    <>
      {moment(endsAt)}{' '}
      {revokedBy !== undefined && (
        <Badge tone="plain">{say('revoked', { owner: revokedBy })}</Badge>
      )}
      {revokedBy === undefined && !stands(token, now) && <Badge tone="plain">{say('over')}</Badge>}
    </>
  );
}

function Revoke({ token: { id, name }, csrf }: { token: Token; csrf: string | undefined }): VNode {
  const say = useWords(ACCESS);
  return (
    <details>
      <summary>
        {say('revoke')}
        <span class="hidden"> {name}</span>
      </summary>
      <p>{say('revokeSure')}</p>
      <Form action="/access/tokens/revoke" csrf={csrf} hidden={{ id }}>
        <Button kind="bad" about={name}>
          {say('revoke')}
        </Button>
      </Form>
    </details>
  );
}
