import { KyokaError } from '@kyoka/kernel';
import { answerLines } from '../lines/answer-lines.js';
import type { Service } from './service.js';

/** `kyoka audience define`, `kyoka recipient register`: posts one JSON document a line to `path`. */
export function postLinesCommand(
  service: Service,
  path: string,
  lines: AsyncIterable<string> | Iterable<string>,
  write: (line: string) => void,
): Promise<number> {
  return answerLines(lines, write, (line) => service.call('POST', path, { body: parse(line) }));
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new KyokaError('bad_input', 'no JSON', {
      faults: [{ field: '', expected: 'one line of JSON' }],
    });
  }
}
