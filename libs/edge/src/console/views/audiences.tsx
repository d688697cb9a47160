import {
  Badge,
  type Column,
  DataTable,
  Facts,
  LineChart,
  Live,
  LiveControls,
  Notice,
  Section,
  speak,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import type { RunAnswer } from '@kyoka/contracts';
import type { AudienceSummary } from '../../summary/summary.js';
import { type AudienceDetail, membersOverTime } from '../read/audience.js';
import { AUDIENCES, RUN_STATES } from '../words/audiences.js';
import { FRAME } from '../words/frame.js';
import { HOME } from '../words/home.js';
import { ConsolePage, type Reader } from './console-page.js';
import { RunWaterfall } from './run-waterfall.js';
import { useNames } from './use-names.js';

export function AudiencesPage(
  props: Reader & { readonly audiences: readonly AudienceSummary[] },
): VNode {
  const { audiences, ...reader } = props;
  return (
    <ConsolePage {...reader} place="audiences" title={speak(AUDIENCES, reader.lang)('title')}>
      <AudiencesTable audiences={audiences} />
    </ConsolePage>
  );
}

function AudiencesTable({ audiences }: { audiences: readonly AudienceSummary[] }): VNode {
  const say = useWords(AUDIENCES);
  const frame = useWords(FRAME);
  const home = useWords(HOME);
  const state = useWords(RUN_STATES);
  const names = useNames();
  const { number, day, moment } = useFormats();
  const columns: Column<AudienceSummary>[] = [
    {
      title: say('name'),
      names: true,
      cell: ({ id, name, ended }) => (
        <>
          <a href={`/audiences/${id}`}>{name}</a>{' '}
          {ended && <Badge tone="plain">{say('ended')}</Badge>}
        </>
      ),
    },
    { title: frame('recipient'), cell: (row) => names.recipient(row.recipient) },
    {
      title: frame('purpose'),
      cell: ({ purpose, policy }) => `${names.purpose(purpose, policy)} (${policy})`,
    },
    {
      title: say('period'),
      cell: ({ use }) => say('fromTo', { from: day(use.from), to: day(use.to) }),
    },
    {
      title: say('lastRun'),
      cell: ({ run }) => (run === undefined ? '' : `${moment(run.startedAt)}, ${state(run.state)}`),
    },
    { title: say('held'), amount: true, cell: ({ held }) => number(held) },
  ];
  return (
    <DataTable
      caption={say('title')}
      rows={audiences}
      columns={columns}
      empty={home('noAudience')}
    />
  );
}

export interface AudiencePageProps extends Reader {
  readonly detail: AudienceDetail;
  /** The run that is shown whole; the newest where it isn't named. */
  readonly run: RunAnswer | undefined;
  readonly now: string;
}

export function AudiencePage({ detail, run, now, ...reader }: AudiencePageProps): VNode {
  const { name, id } = detail.audience;
  return (
    <ConsolePage {...reader} place="audiences" path={`/audiences/${id}`} title={name} live>
      <LiveControls path={`/audiences/${id}`} />
      <Live id="audience">
        <AudienceBody detail={detail} run={run} now={now} />
      </Live>
    </ConsolePage>
  );
}

function AudienceBody({ detail, run, now }: Omit<AudiencePageProps, keyof Reader>): VNode {
  const say = useWords(AUDIENCES);
  const frame = useWords(FRAME);
  const names = useNames();
  const { number, day, moment } = useFormats();
  const { audience, runs } = detail;
  const { use } = audience;
  return (
    <>
      {audience.ended && <Notice tone="warn" title={say('endedNotice')} />}
      <div class="panel">
        <Facts
          facts={[
            [say('held'), <strong>{number(audience.held)}</strong>],
            [frame('recipient'), names.recipient(audience.recipient)],
            [
              frame('purpose'),
              `${names.purpose(audience.purpose, audience.policy)} (${audience.policy})`,
            ],
            [say('period'), say('fromTo', { from: day(use.from), to: day(use.to) })],
            [say('users'), use.users.join(', ')],
            [
              say('defined'),
              say('definedBy', { at: moment(audience.createdAt), owner: audience.createdBy }),
            ],
            [say('segment'), <code>{JSON.stringify(audience.segment)}</code>],
          ]}
        />
      </div>
      {run === undefined ? (
        <p class="quiet">{say('notRun')}</p>
      ) : (
        <RunSection run={run} audience={audience} />
      )}
      <MembersSection detail={detail} now={now} />
      {runs.length > 0 && (
        <Section id="runs" title={say('runs')}>
          <RunsTable runs={runs} />
        </Section>
      )}
    </>
  );
}

function RunSection({ run, audience }: { run: RunAnswer; audience: AudienceSummary }): VNode {
  const say = useWords(AUDIENCES);
  const state = useWords(RUN_STATES);
  const { moment } = useFormats();
  return (
    <Section id="run" title={say('runTitle', { at: moment(run.startedAt) })}>
      <p class="quiet">{say('runBy', { owner: run.startedBy, state: state(run.state) })}</p>
      <RunWaterfall run={run} name={audience.name} recipient={audience.recipient} />
    </Section>
  );
}

function MembersSection({ detail, now }: { detail: AudienceDetail; now: string }): VNode | null {
  const say = useWords(AUDIENCES);
  const frame = useWords(FRAME);
  const { number, moment } = useFormats();
  const points = membersOverTime(detail, now);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return null;
  const description = say('overDescription', {
    first: number(first.value),
    from: moment(first.at),
    last: number(last.value),
    to: moment(last.at),
  });
  return (
    <Section id="members" title={say('over')}>
      <div class="panel">
        <LineChart
          title={say('over')}
          description={description}
          headings={[frame('when'), say('members')]}
          points={points}
        />
      </div>
    </Section>
  );
}

function RunsTable({ runs }: { runs: readonly RunAnswer[] }): VNode {
  const say = useWords(AUDIENCES);
  const frame = useWords(FRAME);
  const state = useWords(RUN_STATES);
  const { number, moment } = useFormats();
  const amount = (title: string, value: (fall: RunAnswer['waterfall']) => number) => ({
    title,
    amount: true,
    cell: ({ waterfall }: RunAnswer) => number(value(waterfall)),
  });
  return (
    <DataTable
      caption={say('runs')}
      rows={runs}
      columns={[
        {
          title: frame('when'),
          names: true,
          cell: ({ id, audience, startedAt }) => (
            <a href={`/audiences/${audience}?run=${id}`}>{moment(startedAt)}</a>
          ),
        },
        { title: frame('state'), cell: (run) => state(run.state) },
        amount(say('inSegment'), ({ segment }) => segment),
        amount(say('permitted'), ({ permitted }) => permitted),
        amount(say('toAdd'), ({ toAdd }) => toAdd),
        amount(say('toRemove'), ({ toRemove }) => toRemove),
      ]}
    />
  );
}
