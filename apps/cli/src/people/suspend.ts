import type { SuspensionAnswer, SuspensionRequest } from '@kyoka/contracts';
import type { Service } from '../control/service.js';
import { untilSettled } from '../control/until-settled.js';
import { answerLines } from '../lines/answer-lines.js';
import { whomOf } from './whom.js';

export interface SuspendOptions {
  /** `*` for every purpose. */
  readonly purposes: readonly string[];
  /** `*` for every channel. */
  readonly channels: readonly string[];
  /** When the person asked, with offset; from arrival on without it. */
  readonly occurredAt?: string | undefined;
  /** How long to wait for the recipients to confirm; 0 for not at all. */
  readonly waitMs: number;
}

/**
 * `kyoka suspend`: stops the use of each person's data. The answer comes once the barrier stands, with
 * the removals as far as they are known, or once all are confirmed within `waitMs`.
 */
export function suspendCommand(
  service: Service,
  lines: AsyncIterable<string> | Iterable<string>,
  { purposes, channels, occurredAt, waitMs }: SuspendOptions,
  write: (line: string) => void,
): Promise<number> {
  return answerLines(lines, write, async (line) => {
    const whom = whomOf(line);
    const body = {
      ...('contact' in whom ? { contacts: [whom.contact] } : { subject: whom }),
      scope: {
        purposes: [...purposes],
        channels: [...channels] as SuspensionRequest['scope']['channels'],
      },
      ...(occurredAt !== undefined && { occurredAt }),
    } satisfies SuspensionRequest;
    const first = await service.call<SuspensionAnswer>('POST', '/v1/suspensions', { body });
    return untilSettled(
      first,
      () => service.call<SuspensionAnswer>('GET', `/v1/suspensions/${first.id}`),
      ({ followed, removals }) => followed && removals.every(({ state }) => state === 'confirmed'),
      waitMs,
    );
  });
}
