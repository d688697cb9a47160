import type {
  DecidedUse,
  ErasedSubject,
  FindSubjectsAnswer,
  SubjectAnswer,
  SubjectDecisionsAnswer,
  SubjectSelector,
} from '@kyoka/contracts';
import { textTable } from '@kyoka/kernel';
import type { Service } from '../control/service.js';
import { answerLines } from '../lines/answer-lines.js';
import { whomOf } from './whom.js';

export interface ExplainOptions {
  /** The decisions as they were at this moment in the past, with its offset. */
  readonly at?: string | undefined;
  /** A table of the decisions in place of the document. */
  readonly table?: true | undefined;
}

/**
 * `kyoka explain`: what is held of each subject, and for each purpose of the policies in force on each
 * channel whether it may be used, and why. Where a line means several subjects, or none, the answer is
 * `{"subjects":[...]}` with their ids.
 */
export function explainCommand(
  service: Service,
  lines: AsyncIterable<string> | Iterable<string>,
  { at, table }: ExplainOptions,
  write: (line: string) => void,
): Promise<number> {
  const explain = async (line: string): Promise<Explained> => {
    const [id, ...others] = await idsOf(service, whomOf(line));
    if (id === undefined || others.length > 0) {
      return { subjects: id === undefined ? [] : [id, ...others] };
    }
    const subject = await readSubject(service, id);
    if ('erased' in subject) return subject;
    const query = at === undefined ? '' : `?at=${encodeURIComponent(at)}`;
    const decided = await service.call<SubjectDecisionsAnswer>(
      'GET',
      `/v1/subjects/${id}/decisions${query}`,
    );
    return { ...subject, decidedAt: decided.at, decisions: decided.decisions };
  };
  return answerLines(lines, write, explain, table && asTable);
}

type Explained =
  | { readonly subjects: readonly string[] }
  | ErasedSubject
  | (SubjectAnswer & { readonly decidedAt: string; readonly decisions: readonly DecidedUse[] });

/** The decisions of one person, a line each; what has none as it is. */
function asTable(explained: Explained): string {
  if (!('decisions' in explained)) return JSON.stringify(explained);
  const { id, source, ref, category, status, decidedAt, decisions } = explained;
  const rows = decisions.map((use) => [
    use.policy ?? '',
    use.purpose,
    [use.channel ?? '-', ...(use.recipient === undefined ? [] : [use.recipient])].join(' '),
    use.allowed ? 'yes' : 'no',
    use.allowed
      ? [use.basis, use.source, ...(use.evidence ?? [])].filter(Boolean).join(' ')
      : (use.reasons ?? []).map(({ code }) => code).join(' '),
  ]);
  const head = `${id}  ${source}/${ref}  ${category}  ${status}  ${decidedAt}`;
  return [head, rows.length > 0 ? textTable(rows) : '  no policy was in force'].join('\n');
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
