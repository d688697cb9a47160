import { type ErrorCode, isKyokaError, type KyokaError } from '@kyoka/kernel';
import { ANSWERED, REFUSED } from './surroundings.js';

/** Faults of one line, after which the next one may still be answered. Any other ends the command. */
const OF_A_LINE: ReadonlySet<ErrorCode> = new Set([
  'bad_input',
  'conflict',
  'not_found',
  'not_permitted',
  'too_large',
]);

/**
 * Answers one line with one document, on one line unless it is to be `shown` otherwise, in order; blank ones are passed over. A line that is refused is
 * answered with its number and why, and the rest goes on.
 *
 * @throws KyokaError for a fault that isn't the line's own (no service, no valid token)
 */
export async function answerLines<T>(
  lines: AsyncIterable<string> | Iterable<string>,
  write: (line: string) => void,
  answer: (line: string) => Promise<T>,
  shown: (answered: T) => string = JSON.stringify,
): Promise<number> {
  let exitCode = ANSWERED;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      write(shown(await answer(line)));
    } catch (fault) {
      if (!isKyokaError(fault) || !OF_A_LINE.has(fault.code)) throw fault;
      exitCode = REFUSED;
      write(JSON.stringify({ line: number, ...refusalOf(fault) }));
    }
  }
  return exitCode;
}

/** A refusal as it is told; it names fields, never what was in them. */
export function refusalOf({ code, message, faults }: KyokaError): object {
  return { status: 'refused', code, why: message, ...(faults.length > 0 && { faults }) };
}
