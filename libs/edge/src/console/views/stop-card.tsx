import { STOP_WORDS, useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { StopSummary } from '../../summary/summary.js';
import { StopState, StopTimeline, useScope } from './stop-timeline.js';

/** A suspension with its timeline. */
export function StopCard({ stop }: { stop: StopSummary }): VNode {
  const kind = useWords(STOP_WORDS);
  const { moment } = useFormats();
  const scope = useScope();
  const { id } = stop;
  return (
    <article class="panel" aria-labelledby={`stop-${id}`}>
      <h3 id={`stop-${id}`}>
        <a href={`/suspensions/${id}`}>
          {kind(stop.kind)} {moment(stop.arrivedAt)}
        </a>
      </h3>
      <p>
        {scope(stop.scope)} <StopState stop={stop} />
      </p>
      <StopTimeline stop={stop} />
    </article>
  );
}
