import type { SubjectAnswer } from '@kyoka/contracts';
import {
  Badge,
  CONTACT_CLASS_WORDS,
  CONTACT_KIND_WORDS,
  DataTable,
  Facts,
  REASON_WORDS,
  Section,
  speak,
  STOP_WORDS,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import type { DecidedUse } from '../read/person.js';
import { AUDIENCES } from '../words/audiences.js';
import { FRAME } from '../words/frame.js';
import { PEOPLE } from '../words/people.js';
import { ConsolePage, type Reader } from './console-page.js';
import { Disclosures } from './disclosures.js';
import { StopState, useScope } from './stop-timeline.js';
import { useNames } from './use-names.js';

export interface PersonPageProps extends Reader {
  readonly subject: SubjectAnswer;
  readonly uses: readonly DecidedUse[];
}

/** One record of a person: what is allowed and why, and everything that this rests on. No contact value. */
export function PersonPage({ subject, uses, ...reader }: PersonPageProps): VNode {
  const say = speak(PEOPLE, reader.lang);
  const { id, source, ref } = subject;
  return (
    <ConsolePage
      {...reader}
      place="people"
      path={`/people/${id}`}
      title={say('person', { source, ref })}
    >
      <Known subject={subject} />
      <Section id="uses" title={say('uses')}>
        <Uses uses={uses} />
      </Section>
      <Section id="consents" title={say('consents')}>
        <Consents permissions={subject.permissions} />
      </Section>
      <Section id="stops" title={say('stops')}>
        <StopsInForce stops={subject.stops} />
      </Section>
      <Section id="suspensions" title={say('suspensions')}>
        <Suspensions suspensions={subject.suspensions} />
      </Section>
      <Section id="contacts" title={say('contacts')}>
        <p class="quiet">{say('contactsLead')}</p>
        <Contacts contactPoints={subject.contactPoints} />
      </Section>
      <Section id="releases" title={say('releases')}>
        <Releases releases={subject.releases} />
      </Section>
      {subject.disclosures.length > 0 && (
        <Section id="disclosures" title={say('disclosures')}>
          <Disclosures disclosures={subject.disclosures} />
        </Section>
      )}
    </ConsolePage>
  );
}

function Known({ subject }: { subject: SubjectAnswer }): VNode {
  const say = useWords(PEOPLE);
  const { adsSwitch, status } = subject;
  return (
    <div class="panel">
      <Facts
        facts={[
          [say('id'), <code>{subject.id}</code>],
          [say('category'), subject.category],
          [say('status'), say(status)],
          ...(adsSwitch === undefined
            ? []
            : [[say('adsSwitch'), say(adsSwitch)] as [string, string]]),
        ]}
      />
    </div>
  );
}

const BASES = {
  consent: 'basis_consent',
  policy_clause: 'basis_policy_clause',
  duty: 'basis_duty',
} as const;

function Uses({ uses }: { uses: readonly DecidedUse[] }): VNode {
  const say = useWords(PEOPLE);
  const { channel, purpose: purposeName } = useNames();
  return (
    <DataTable
      caption={say('uses')}
      rows={uses}
      empty={say('noPolicy')}
      columns={[
        {
          title: say('use'),
          names: true,
          cell: (use) => (
            <>
              {purposeName(use.purpose, use.policy)}, {channel(use)}
              <span class="hint">{use.policy}</span>
            </>
          ),
        },
        {
          title: say('answer'),
          cell: ({ allowed }) => (
            <Badge tone={allowed ? 'good' : 'plain'}>{say(allowed ? 'allowed' : 'refused')}</Badge>
          ),
        },
        {
          title: say('because'),
          cell: (use) => (use.allowed ? <Basis use={use} /> : <Reasons reasons={use.reasons} />),
        },
      ]}
    />
  );
}

function Basis({ use }: { use: DecidedUse }): VNode {
  const say = useWords(PEOPLE);
  const { basis, source, rule, evidence } = use;
  const known =
    basis !== undefined && basis in BASES ? BASES[basis as keyof typeof BASES] : undefined;
  return (
    <>
      {[
        known === undefined ? basis : say(known),
        source && say('fromSource', { source }),
        evidence.length > 0 && say('evidenceOf', { ids: evidence.join(', ') }),
      ]
        .filter(Boolean)
        .join(' · ')}
      {rule !== undefined && <code class="hint">{rule}</code>}
    </>
  );
}

function Reasons({ reasons }: Pick<DecidedUse, 'reasons'>): VNode {
  const word = useWords(REASON_WORDS);
  return (
    <ul>
      {reasons.map(({ code, rule }) => (
        <li key={code}>
          {word(code)}
          <code class="hint">
            {code}: {rule}
          </code>
        </li>
      ))}
    </ul>
  );
}

function Consents({ permissions }: Pick<SubjectAnswer, 'permissions'>): VNode {
  const say = useWords(PEOPLE);
  const frame = useWords(FRAME);
  const { channel, purpose: purposeName } = useNames();
  const { moment } = useFormats();
  return (
    <DataTable
      caption={say('consents')}
      rows={permissions}
      columns={[
        { title: frame('purpose'), names: true, cell: ({ purpose }) => purposeName(purpose) },
        { title: frame('channel'), cell: channel },
        {
          title: frame('state'),
          cell: ({ state }) => (
            <Badge tone={state === 'granted' ? 'good' : 'plain'}>{say(state)}</Badge>
          ),
        },
        { title: say('proof'), cell: ({ proof }) => say(proof) },
        { title: say('evidence'), cell: ({ evidence }) => evidence && <code>{evidence}</code> },
        { title: frame('when'), cell: ({ at }) => moment(at) },
      ]}
    />
  );
}

function StopsInForce({ stops }: Pick<SubjectAnswer, 'stops'>): VNode {
  const say = useWords(PEOPLE);
  const frame = useWords(FRAME);
  const kind = useWords(STOP_WORDS);
  const { channel, purpose: purposeName } = useNames();
  const { moment } = useFormats();
  return (
    <DataTable
      caption={say('stops')}
      rows={stops}
      columns={[
        { title: frame('reason'), names: true, cell: (stop) => kind(stop.kind) },
        {
          title: frame('purpose'),
          cell: ({ purpose }) => purposeName(purpose),
        },
        { title: frame('channel'), cell: channel },
        { title: say('through'), cell: ({ through }) => say(through) },
        { title: say('since'), cell: ({ at }) => moment(at) },
        {
          title: say('until'),
          cell: ({ endedAt }) =>
            endedAt === undefined ? <Badge tone="warn">{say('standing')}</Badge> : moment(endedAt),
        },
      ]}
    />
  );
}

function Suspensions({ suspensions }: Pick<SubjectAnswer, 'suspensions'>): VNode {
  const say = useWords(PEOPLE);
  const frame = useWords(FRAME);
  const kind = useWords(STOP_WORDS);
  const scope = useScope();
  const { moment } = useFormats();
  return (
    <DataTable
      caption={say('suspensions')}
      rows={suspensions}
      columns={[
        {
          title: frame('when'),
          names: true,
          cell: (stop) => (
            <a href={`/suspensions/${stop.id}`}>
              {moment(stop.barrierAt)} {kind(stop.kind)}
            </a>
          ),
        },
        { title: frame('purpose'), cell: (stop) => scope(stop.scope) },
        { title: frame('state'), cell: (stop) => <StopState stop={stop} /> },
      ]}
    />
  );
}

function Contacts({ contactPoints }: Pick<SubjectAnswer, 'contactPoints'>): VNode {
  const say = useWords(PEOPLE);
  const kind = useWords(CONTACT_KIND_WORDS);
  const quality = useWords(CONTACT_CLASS_WORDS);
  const { number, moment } = useFormats();
  return (
    <DataTable
      caption={say('contacts')}
      rows={contactPoints}
      columns={[
        { title: say('kind'), names: true, cell: (contact) => kind(contact.kind) },
        { title: say('class'), cell: (contact) => quality(contact.class) },
        { title: say('sources'), cell: ({ sources }) => sources.join(', ') },
        {
          title: say('confirmedAt'),
          cell: ({ confirmedAt }) => confirmedAt && moment(confirmedAt),
        },
        {
          title: say('sharedWith'),
          amount: true,
          cell: ({ sharedWith }) => number(sharedWith),
        },
      ]}
    />
  );
}

function Releases({ releases }: Pick<SubjectAnswer, 'releases'>): VNode {
  const say = useWords(PEOPLE);
  const frame = useWords(FRAME);
  const audiences = useWords(AUDIENCES);
  const { recipient: recipientName, item } = useNames();
  const { moment } = useFormats();
  return (
    <DataTable
      caption={say('releases')}
      rows={releases}
      columns={[
        { title: frame('when'), names: true, cell: ({ at }) => moment(at) },
        {
          title: frame('recipient'),
          cell: ({ recipient, audience }) => (
            <>
              {recipientName(recipient)} <a href={`/audiences/${audience}`}>{audiences('title')}</a>
            </>
          ),
        },
        { title: say('items'), cell: ({ items }) => items.map(item).join(', ') },
        { title: frame('policy'), cell: ({ policy }) => policy },
        { title: say('evidence'), cell: ({ evidence }) => <code>{evidence.join(', ')}</code> },
      ]}
    />
  );
}
