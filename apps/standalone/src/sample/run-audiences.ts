import type { AudienceAnswer, RunAnswer } from '@kyoka/contracts';
import { MINUTE, type Instant } from '@kyoka/kernel';
import { type Pool, queryable } from '@kyoka/postgres';
import { listAudiences } from '@kyoka/release';
import { sampleAudiences } from '@kyoka/sample';
import type { Progress } from '../screen.js';
import type { Api } from './http.js';
import { untilSettled } from './settled.js';

const WITHIN_MS = 5 * MINUTE;
const RUN_KEY = 'sample-first-run';

/** Defines the sample's audiences where they lack, runs each once and waits for the networks' answers. */
export async function runSampleAudiences(
  { now, owner, played }: { now: Instant; owner: string; played: ReadonlySet<string> },
  { api, audiences, progress }: { api: Api; audiences: Pool; progress: Progress },
): Promise<void> {
  const known = await listAudiences(queryable(audiences));
  const wanted = sampleAudiences(now, owner).filter(({ recipient }) => played.has(recipient));
  const runs: RunAnswer[] = [];
  for (const request of wanted) {
    const { id } =
      known.find(({ name, owner: by }) => name === request.name && by === owner) ??
      (await api.call<AudienceAnswer>('POST', '/v1/audiences', request));
    runs.push(
      await api.call<RunAnswer>('POST', `/v1/audiences/${id}/runs`, undefined, {
        'idempotency-key': RUN_KEY,
      }),
    );
  }
  const ended = await untilSettled(
    () =>
      Promise.all(
        runs.map(({ audience, id }) =>
          api.call<RunAnswer>('GET', `/v1/audiences/${audience}/runs/${id}`),
        ),
      ),
    (answers) => answers.every(({ state }) => state === 'finished' || state === 'stopped'),
    { withinMs: WITHIN_MS, onAnswer: (answers) => progress.at(stateOf(answers)) },
  );
  progress.result(stateOf(ended));
}

const stateOf = (runs: readonly RunAnswer[]): string =>
  runs.map(({ waterfall: { sent, accepted } }) => `${accepted} of ${sent} accepted`).join(', ');
