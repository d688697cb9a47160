import type { FindSubjectsAnswer, SubjectAnswer, SuspensionAnswer } from '@kyoka/contracts';
import { MINUTE } from '@kyoka/kernel';
import { DEMO_PERSON } from '@kyoka/sample';
import type { Progress } from '../screen.js';
import type { Api } from './http.js';
import { untilSettled } from './settled.js';

const WITHIN_MS = 5 * MINUTE;

/** Suspends every use of the demo person, and waits until each network that holds it has confirmed the removal. */
export async function suspendOne(api: Api, progress: Progress): Promise<void> {
  const { subjects } = await api.call<FindSubjectsAnswer>('POST', '/v1/subjects:find', {
    subject: DEMO_PERSON,
  });
  const { suspensions } = await api.call<SubjectAnswer>('GET', `/v1/subjects/${subjects[0]}`);
  const { id } =
    suspensions[0] ??
    (await api.call<SuspensionAnswer>('POST', '/v1/suspensions', {
      subject: DEMO_PERSON,
      scope: { purposes: ['*'], channels: ['*'] },
    }));
  const { removals } = await untilSettled(
    () => api.call<SuspensionAnswer>('GET', `/v1/suspensions/${id}`),
    (answer) => answer.followed && answer.removals.every(isConfirmed),
    {
      withinMs: WITHIN_MS,
      onAnswer: (answer) =>
        progress.at(
          `${answer.removals.filter(isConfirmed).length} of ${answer.removals.length} confirmed`,
        ),
    },
  );
  progress.result(
    removals.length === 0
      ? 'no network held the person'
      : `removal confirmed by ${removals.map(({ recipient }) => recipient).join(' and ')}`,
  );
}

const isConfirmed = ({ state }: SuspensionAnswer['removals'][number]): boolean =>
  state === 'confirmed';
