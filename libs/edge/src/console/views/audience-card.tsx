import { useFormats, useWords } from '@kyoka/pages';
import type { VNode } from 'preact';
import type { AudienceSummary } from '../../summary/summary.js';
import { AUDIENCES, RUN_STATES } from '../words/audiences.js';
import { RunWaterfall } from './run-waterfall.js';

/** An audience with the waterfall of its newest run. */
export function AudienceCard({ audience }: { audience: AudienceSummary }): VNode {
  const say = useWords(AUDIENCES);
  const state = useWords(RUN_STATES);
  const { number, moment } = useFormats();
  const { id, name, recipient, run, held } = audience;
  return (
    <article aria-labelledby={`audience-${id}`}>
      <div class="line">
        <h3 id={`audience-${id}`}>
          <a href={`/audiences/${id}`}>{name}</a>
        </h3>
        <span>
          {say('held')}: <strong>{number(held)}</strong>
        </span>
        {run !== undefined && (
          <span class="quiet">
            {say('lastRun')}: {moment(run.startedAt)}, {state(run.state)}
          </span>
        )}
      </div>
      {run === undefined ? (
        <p class="quiet">{say('notRun')}</p>
      ) : (
        <RunWaterfall run={run} name={name} recipient={recipient} />
      )}
    </article>
  );
}
