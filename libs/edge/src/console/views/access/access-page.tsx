import type { Identity, ListedSession } from '@kyoka/access';
import type { PublisherAnswer, TokenAnswer, TokensAnswer } from '@kyoka/contracts';
import { Button, ErrorSummary, Field, Form, Notice, Section, speak, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { AccessDone } from '../../access/done.js';
import type { EnteredToken, TokenFaults } from '../../access/token-form.js';
import { ACCESS } from '../../words/access.js';
import { ConsolePage, type Reader } from '../console-page.js';
import { MakeToken } from './make-token.js';
import { Publishers } from './publishers.js';
import { Secret } from './secret.js';
import { Sessions } from './sessions.js';
import { Tokens } from './tokens.js';

export interface AccessPageProps extends Reader {
  readonly caller: Identity;
  readonly tokens: TokensAnswer['tokens'];
  readonly sessions: readonly ListedSession[];
  /** Absent for who may not see them. */
  readonly publishers: readonly PublisherAnswer[] | undefined;
  readonly now: string;
  readonly done?: AccessDone;
  /** The token that was just made. */
  readonly made?: TokenAnswer;
  readonly entered?: EnteredToken;
  readonly faults?: TokenFaults & { readonly whom?: keyof typeof ACCESS };
}

export function AccessPage(props: AccessPageProps): VNode {
  const {
    tokens,
    sessions,
    publishers,
    now,
    done = {},
    made,
    entered,
    faults = {},
    ...reader
  } = props;
  const say = speak(ACCESS, reader.lang);
  const { caller } = reader;
  const told = Object.entries(faults).map(([name, key]) => ({ name, text: say(key) }));
  return (
    <ConsolePage {...reader} place="access" title={say('title')}>
      <ErrorSummary faults={told} />
      <p>{say('lead')}</p>
      <Done done={done} />
      {made !== undefined && (
        <Secret title={say('madeTitle')} facts={[[say('name'), made.name]]} secret={made.token} />
      )}
      <Section id="tokens" title={say('tokens')}>
        <Tokens tokens={tokens} now={now} csrf={caller.csrf} />
      </Section>
      <Section id="make" title={say('make')}>
        <MakeToken caller={caller} entered={entered} faults={faults} now={now} />
      </Section>
      <Section id="sessions" title={say('sessions')}>
        <Sessions sessions={sessions} own={caller.credential} csrf={caller.csrf} />
      </Section>
      {caller.scopes.has('tokens:write') && (
        <Section id="owner" title={say('endOwner')}>
          <EndOwner csrf={caller.csrf} fault={faults.whom} />
        </Section>
      )}
      {publishers !== undefined && (
        <Section id="publishers" title={say('publishers')}>
          <Publishers publishers={publishers} csrf={caller.csrf} />
        </Section>
      )}
    </ConsolePage>
  );
}

function Done({ done: { revoked, ended, publisher } }: { done: AccessDone }): VNode | null {
  const say = useWords(ACCESS);
  if (revoked !== undefined) {
    return <Notice tone="good" title={say('revokedNotice', { n: revoked })} />;
  }
  if (ended !== undefined) return <Notice tone="good" title={say('endedNotice')} />;
  return publisher === undefined ? null : <Notice tone="good" title={say('publisherRevoked')} />;
}

function EndOwner({
  csrf,
  fault,
}: {
  csrf: string | undefined;
  fault: keyof typeof ACCESS | undefined;
}): VNode {
  const say = useWords(ACCESS);
  return (
    <div class="panel">
      <p>{say('endOwnerLead')}</p>
      <Form action="/access/owners/end" csrf={csrf}>
        <Field
          id="whom"
          name="owner"
          label={say('endOwnerField')}
          fault={fault && say(fault)}
          required
        />
        <Button kind="bad">{say('endOwnerAct')}</Button>
      </Form>
    </div>
  );
}
