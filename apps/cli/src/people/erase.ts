import type { ErasureAnswer, ErasureRequest } from '@kyoka/contracts';
import type { Service } from '../control/service.js';
import { untilSettled } from '../control/until-settled.js';
import { answerLines } from '../lines/answer-lines.js';
import { whomOf } from './whom.js';

export interface EraseOptions {
  /** When the person asked, with offset; from arrival on without it. */
  readonly occurredAt?: string | undefined;
  /** How long to wait for the receipt; 0 for not at all. */
  readonly waitMs: number;
}

/**
 * `kyoka erase`: erases each person. The answer comes once nothing of theirs is used any more, or
 * with the receipt where everything else ended within `waitMs`.
 */
export function eraseCommand(
  service: Service,
  lines: AsyncIterable<string> | Iterable<string>,
  { occurredAt, waitMs }: EraseOptions,
  write: (line: string) => void,
): Promise<number> {
  return answerLines(lines, write, async (line) => {
    const whom = whomOf(line);
    const body = {
      ...('contact' in whom ? { contacts: [whom.contact] } : { subject: whom }),
      ...(occurredAt !== undefined && { occurredAt }),
    } satisfies ErasureRequest;
    const first = await service.call<ErasureAnswer>('POST', '/v1/erasures', { body });
    return untilSettled(
      first,
      () => service.call<ErasureAnswer>('GET', `/v1/erasures/${first.id}`),
      ({ state }) => state === 'erased',
      waitMs,
    );
  });
}
