import {
  type Column,
  DataTable,
  Facts,
  Live,
  LiveControls,
  Section,
  speak,
  STOP_WORDS,
  useFormats,
  useWords,
} from '@kyoka/pages';
import type { VNode } from 'preact';
import type { StopSummary } from '../../summary/summary.js';
import type { StopPage } from '../read/stops.js';
import { STOPS } from '../words/stops.js';
import { ConsolePage, type Reader } from './console-page.js';
import { RemovalsChart } from './removals-chart.js';
import { StopState, StopTimeline, useScope } from './stop-timeline.js';

export function StopsPage({ page, ...reader }: Reader & { readonly page: StopPage }): VNode {
  const say = speak(STOPS, reader.lang);
  return (
    <ConsolePage {...reader} place="suspensions" title={say('title')}>
      <p>{say('lead')}</p>
      <StopsTable stops={page.stops} />
      {page.next !== undefined && (
        <p>
          <a href={`/suspensions?before=${page.next.before}&id=${page.next.id}`}>{say('older')}</a>
        </p>
      )}
    </ConsolePage>
  );
}

function StopsTable({ stops }: { stops: readonly StopSummary[] }): VNode {
  const say = useWords(STOPS);
  const kind = useWords(STOP_WORDS);
  const { moment, number } = useFormats();
  const scope = useScope();
  const columns: Column<StopSummary>[] = [
    {
      title: say('at'),
      names: true,
      cell: (stop) => (
        <a href={`/suspensions/${stop.id}`}>
          {moment(stop.arrivedAt)} {kind(stop.kind)}
        </a>
      ),
    },
    { title: say('scope'), cell: (stop) => scope(stop.scope) },
    { title: say('reach'), amount: true, cell: ({ subjects }) => number(subjects.length) },
    { title: say('progress'), cell: (stop) => <StopState stop={stop} /> },
  ];
  return <DataTable caption={say('title')} rows={stops} columns={columns} empty={say('none')} />;
}

export function StopDetailPage({
  stop,
  ...reader
}: Reader & { readonly stop: StopSummary }): VNode {
  const path = `/suspensions/${stop.id}`;
  return (
    <ConsolePage
      {...reader}
      place="suspensions"
      path={path}
      title={speak(STOP_WORDS, reader.lang)(stop.kind)}
      live
    >
      <LiveControls path={path} />
      <Live id="stop">
        <StopBody stop={stop} canRead={reader.caller.scopes.has('subjects:read')} />
      </Live>
    </ConsolePage>
  );
}

function StopBody({ stop, canRead }: { stop: StopSummary; canRead: boolean }): VNode {
  const say = useWords(STOPS);
  const scope = useScope();
  const { number } = useFormats();
  const reached =
    stop.subjects.length === 0 ? (
      say('nobody')
    ) : canRead ? (
      <ul>
        {stop.subjects.map((id) => (
          <li key={id}>
            <a href={`/people/${id}`}>
              <code>{id}</code>
            </a>
          </li>
        ))}
      </ul>
    ) : (
      number(stop.subjects.length)
    );
  return (
    <>
      <div class="panel">
        <Facts
          facts={[
            [say('scope'), scope(stop.scope)],
            [say('progress'), <StopState stop={stop} />],
            [say('reach'), reached],
          ]}
        />
      </div>
      <Section id="timeline" title={say('timeline')}>
        <RemovalsChart stop={stop} />
        <div class="panel">
          <StopTimeline stop={stop} />
        </div>
      </Section>
    </>
  );
}
