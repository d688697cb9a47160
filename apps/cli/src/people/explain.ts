import type {
  ErasedSubject,
  FindSubjectsAnswer,
  SubjectAnswer,
  SubjectSelector,
} from '@kyoka/contracts';
import type { Service } from '../control/service.js';
import { answerLines } from '../lines/answer-lines.js';
import { whomOf } from './whom.js';

/**
 * `kyoka explain`: what is held of each subject, and why it may be used or not. Where a line means
 * several subjects, or none, the answer is `{"subjects":[...]}` with their ids.
 */
export function explainCommand(
  service: Service,
  lines: AsyncIterable<string> | Iterable<string>,
  write: (line: string) => void,
): Promise<number> {
  return answerLines(lines, write, async (line) => {
    const [id, ...others] = await idsOf(service, whomOf(line));
    if (id !== undefined && others.length === 0) return readSubject(service, id);
    return { subjects: id === undefined ? [] : [id, ...others] };
  });
}

export const readSubject = (service: Service, id: string): Promise<SubjectAnswer | ErasedSubject> =>
  service.call('GET', `/v1/subjects/${id}`);

/** Ids of the subjects that a selector means. */
export async function idsOf(service: Service, whom: SubjectSelector): Promise<string[]> {
  if ('id' in whom) return [whom.id];
  const { subjects } = await service.call<FindSubjectsAnswer>('POST', '/v1/subjects:find', {
    body: { subject: whom },
  });
  return subjects;
}
