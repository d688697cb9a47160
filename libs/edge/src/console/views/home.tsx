import {
  Badge,
  DataTable,
  Facts,
  Live,
  LiveControls,
  Notice,
  Section,
  type Stat,
  Stats,
  STOP_WORDS,
  useFormats,
  useWords,
  type WordTable,
} from '@kyoka/pages';
import { formatInstant } from '@kyoka/kernel';
import type { VNode } from 'preact';
import type { Overview, Pulse } from '../ports.js';
import { FRAME } from '../words/frame.js';
import { HOME } from '../words/home.js';
import { AudienceCard } from './audience-card.js';
import { useMayFollow } from './may-follow.js';
import { ConsolePage, type Reader } from './console-page.js';
import { StopCard } from './stop-card.js';
import { useNames } from './use-names.js';
import { UsesCharts } from './uses-chart.js';
import { speak } from '@kyoka/pages';

/** How many audiences and suspensions are shown whole. */
const SHOWN = 3;

export function HomePage({ overview, ...reader }: Reader & { overview: Overview }): VNode {
  return (
    <ConsolePage {...reader} place="home" title={speak(HOME, reader.lang)('title')} live>
      <HomeBody overview={overview} reader={reader} />
    </ConsolePage>
  );
}

function HomeBody({ overview, reader }: { overview: Overview; reader: Reader }): VNode {
  const say = useWords(HOME);
  const { pulse, people } = overview;
  const ongoing = pulse.value.audiences.filter(({ ended }) => !ended);
  return (
    <>
      <p>{say('lead')}</p>
      <LiveControls path="/" />
      <Live id="numbers">
        <Numbers pulse={pulse.value} records={people.value.total} reader={reader} />
        <ReadAt at={pulse.at} />
        {pulse.value.countedAt !== undefined && <CountedAt at={pulse.value.countedAt} />}
      </Live>
      <Live id="permitted-live">
        <Section id="permitted" title={say('permitted')}>
          <People overview={overview} />
        </Section>
      </Live>
      <Live id="audiences-live">
        <Section id="audiences" title={say('audiences')}>
          {ongoing.length === 0 && <p class="quiet">{say('noAudience')}</p>}
          {ongoing.slice(0, SHOWN).map((audience) => (
            <AudienceCard key={audience.id} audience={audience} />
          ))}
          <p>
            <a href="/audiences">{say('moreAudiences')}</a>
          </p>
        </Section>
      </Live>
      <Live id="stops-live">
        <Section id="stops" title={say('latestStops')}>
          <Stops pulse={pulse.value} />
        </Section>
      </Live>
      <Section id="switches" title={say('switches')}>
        <Switches switches={overview.switches} />
      </Section>
      <Section id="evidence" title={say('evidence')}>
        <Evidence evidence={overview.evidence} />
      </Section>
    </>
  );
}

function ReadAt({ at }: { at: number }): VNode {
  const say = useWords(FRAME);
  const { precise } = useFormats();
  return <p class="quiet">{say('readAt', { at: precise(formatInstant(at)) })}</p>;
}

function CountedAt({ at }: { at: number }): VNode {
  const say = useWords(HOME);
  const { precise } = useFormats();
  return <p class="quiet">{say('countedAt', { at: precise(formatInstant(at)) })}</p>;
}

interface NumbersProps {
  readonly pulse: Pulse;
  readonly records: number;
  readonly reader: Reader;
}

function Numbers({ pulse, records, reader }: NumbersProps): VNode {
  const say = useWords(HOME);
  const { events, audiences, stops, removals } = pulse;
  const { number } = useFormats();
  const parked = sum(events.parked.map((one) => one.events));
  const applied = sum(events.parked.map((one) => one.applied));
  const without = sum(events.parked.map((one) => one.stops));
  const stats: Stat[] = [
    { label: say('accepted'), value: events.accepted },
    { label: say('records'), value: records, aside: say('recordsAside') },
    { label: say('held'), value: sum(audiences.map(({ held }) => held)), aside: say('heldAside') },
    { label: say('stops'), value: sum(stops.acts.map(({ acts }) => acts)) },
    { label: say('underWay'), value: removals.underWay },
    {
      label: say('overdue'),
      value: removals.overdue,
      ...(removals.overdue > 0 && { tone: 'bad' }),
    },
    { label: say('parked'), value: parked, ...(parked > 0 && { tone: 'warn' }) },
  ];
  const toParked = reader.caller.scopes.has('parked:read') && (
    <p>
      <a href="/parked">{say('parkedLink')}</a>
    </p>
  );
  return (
    <>
      {removals.overdue > 0 && (
        <Notice tone="bad" title={say('overdueNotice', { n: number(removals.overdue) })}>
          <p>
            <a href="/removals/overdue">{say('overdueLink')}</a>
          </p>
        </Notice>
      )}
      {without > 0 && (
        <Notice tone="bad" title={say('parkedStopsWithoutEffect', { n: number(without) })}>
          {toParked}
        </Notice>
      )}
      {applied > 0 && (
        <Notice tone="warn" title={say('parkedStops', { n: number(applied) })}>
          {toParked}
        </Notice>
      )}
      <Stats stats={stats} />
    </>
  );
}

function People({ overview: { people } }: { overview: Overview }): VNode {
  const say = useWords(HOME);
  const frame = useWords(FRAME);
  const { number } = useFormats();
  const { total, decided, uses, records } = people.value;
  if (uses.length === 0) return <p class="quiet">{say('noPolicy')}</p>;
  return (
    <>
      <p>
        {say('permittedLead')} {decided < total && say('sampled', { n: number(decided) })}
      </p>
      <UsesCharts people={people.value} />
      <details>
        <summary>{say('bySource')}</summary>
        <DataTable
          caption={say('bySource')}
          rows={records}
          columns={[
            { title: say('source'), names: true, cell: ({ source }) => source },
            { title: frame('count'), amount: true, cell: (row) => number(row.records) },
          ]}
        />
      </details>
      <ReadAt at={people.at} />
    </>
  );
}

function Stops({ pulse: { stops } }: { pulse: Pulse }): VNode {
  // That one is among these says that somebody held the person.
  const newest = useMayFollow() ? stops.undone.slice(0, SHOWN) : [];
  const say = useWords(HOME);
  const frame = useWords(FRAME);
  const kind = useWords(STOP_WORDS as WordTable);
  const { number } = useFormats();
  return (
    <>
      {newest.length === 0 && <p class="quiet">{say('noStop')}</p>}
      <div class="beside">
        {newest.map((stop) => (
          <StopCard key={stop.id} stop={stop} />
        ))}
      </div>
      <p>
        <a href="/suspensions">{say('moreStops')}</a>
      </p>
      {stops.acts.length > 0 && (
        <DataTable
          caption={say('byKind')}
          rows={stops.acts}
          columns={[
            {
              title: say('kind'),
              names: true,
              cell: (row) => (row.kind in STOP_WORDS ? kind(row.kind) : row.kind),
            },
            { title: frame('count'), amount: true, cell: ({ acts }) => number(acts) },
          ]}
        />
      )}
    </>
  );
}

function Switches({ switches }: Pick<Overview, 'switches'>): VNode {
  const names = useNames();
  const say = useWords(HOME);
  const frame = useWords(FRAME);
  return (
    <DataTable
      caption={say('switches')}
      rows={switches}
      columns={[
        {
          title: say('target'),
          names: true,
          cell: ({ target, id }) =>
            target === 'policy'
              ? say('policyNamed', { id })
              : say('recipientNamed', { id: names.recipient(id) }),
        },
        {
          title: frame('state'),
          cell: ({ state }) => (
            <Badge tone={state === 'on' ? 'good' : 'plain'}>
              {say(state === 'on' ? 'on' : 'off')}
            </Badge>
          ),
        },
        {
          title: say('requestedBy'),
          cell: ({ requestedBy, pending }) =>
            pending ? say('waiting', { owner: pending.requestedBy }) : requestedBy,
        },
        {
          title: say('approvedBy'),
          cell: ({ approvedBy, pending }) => (pending ? '' : approvedBy),
        },
      ]}
    />
  );
}

function Evidence({ evidence }: Pick<Overview, 'evidence'>): VNode {
  const say = useWords(HOME);
  const { number } = useFormats();
  return (
    <>
      <p>{say('evidenceLead')}</p>
      <Facts
        facts={[
          [say('ledger'), number(evidence.ledger)],
          [say('decisions'), number(evidence.decisions)],
          [say('releases'), number(evidence.releases)],
        ]}
      />
    </>
  );
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
