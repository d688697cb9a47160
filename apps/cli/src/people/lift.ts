import type {
  ErasedSubject,
  FreezeAnswer,
  SubjectAnswer,
  SuspensionAnswer,
} from '@kyoka/contracts';
import { isKyokaError, KyokaError, type StopKind } from '@kyoka/kernel';
import { ENDED_BY } from '@kyoka/permission';
import type { Service } from '../control/service.js';
import { answerLines } from '../lines/answer-lines.js';
import { idsOf, readSubject } from './explain.js';
import { whomOf } from './whom.js';

/** In words, what ends a stop. */
const WORDS: Readonly<Record<(typeof ENDED_BY)[keyof typeof ENDED_BY][number], string>> = {
  own_evidenced_grant: 'a later grant of the same subject, with evidence',
  confirmed_grant: 'a later confirmed grant of the person for that purpose and channel',
  lift: 'the person, by a confirmed lift',
  follow: 'the person, by following again',
  confirmation: 'a new confirmation of the contact point',
};

const ERASED: SubjectAnswer['stops'][number] = {
  kind: 'erasure',
  purpose: '*',
  channel: '*',
  at: '',
  through: 'own',
};

/**
 * `kyoka lift`: ends a freeze, by the role that set it. A person's own stop is lifted by nobody else:
 * the answer is a refusal that names what would lift each of them.
 */
export function liftCommand(
  service: Service,
  lines: AsyncIterable<string> | Iterable<string>,
  reason: string,
  write: (line: string) => void,
): Promise<number> {
  return answerLines(lines, write, async (line) => {
    const whom = whomOf(line);
    if (!('id' in whom)) throw await refused(service, await idsOf(service, whom));
    return (
      (await unlessAbsent(
        service.call<FreezeAnswer>('POST', `/v1/freezes/${whom.id}/lift`, { body: { reason } }),
      )) ?? Promise.reject(await refusedById(service, whom.id))
    );
  });
}

async function refusedById(service: Service, id: string): Promise<KyokaError> {
  const suspension = await unlessAbsent(
    service.call<SuspensionAnswer>('GET', `/v1/suspensions/${id}`),
  );
  return suspension === undefined
    ? refused(service, [id])
    : refusal([{ field: suspension.kind, expected: enders(suspension.kind) }]);
}

async function refused(service: Service, ids: readonly string[]): Promise<KyokaError> {
  const subjects: (SubjectAnswer | ErasedSubject)[] = [];
  for (const id of ids) {
    const subject = await unlessAbsent(readSubject(service, id));
    if (subject !== undefined) subjects.push(subject);
  }
  if (subjects.length === 0)
    return new KyokaError('not_found', 'there is no such freeze or subject');
  const standing = subjects
    .flatMap((one) => ('erased' in one ? [ERASED] : one.stops))
    .filter(({ endedAt }) => !endedAt);
  if (standing.length === 0) return new KyokaError('conflict', 'nothing is stopped here');
  return refusal(
    standing.map(({ kind, purpose, channel }) => ({
      field: `${kind} ${purpose} ${channel}`,
      expected: enders(kind),
    })),
  );
}

/** Each stop as a fault: its kind and scope, and what is expected of whom to end it. */
const refusal = (faults: { field: string; expected: string }[]): KyokaError =>
  new KyokaError('not_permitted', "a person's own stop is lifted by that person only", { faults });

const enders = (kind: StopKind): string =>
  kind === 'freeze'
    ? 'the role that set it, by the id of the freeze'
    : ENDED_BY[kind].map((ender) => WORDS[ender]).join(', or ');

async function unlessAbsent<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (fault) {
    if (isKyokaError(fault) && fault.code === 'not_found') return undefined;
    throw fault;
  }
}
