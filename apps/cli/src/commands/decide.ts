import { decide, parseCase } from '@kyoka/decision';
import type { PolicySet } from '@kyoka/policy';

/** Characters of one line; a case with thousands of consents stays far below. */
const LONGEST_LINE = 4 * 1024 * 1024;

/**
 * `kyoka decide`: one decision case a line, one decision a line in the same order. It needs no
 * running system. A line that isn't a case is answered with its number and the fields at fault, and
 * the rest goes on; blank lines are passed over.
 *
 * @returns the exit code: 0 when every line was answered, 1 when one was refused
 */
export async function decideCommand(
  set: PolicySet,
  lines: AsyncIterable<string>,
  write: (line: string) => void,
): Promise<number> {
  let exitCode = 0;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const parsed = line.length > LONGEST_LINE ? TOO_LONG : parseCase(parse(line));
    if (parsed.ok) {
      write(JSON.stringify(decide(set, parsed.case)));
    } else {
      exitCode = 1;
      write(JSON.stringify({ status: 'refused', line: number, faults: parsed.faults }));
    }
  }
  return exitCode;
}

const TOO_LONG = {
  ok: false,
  faults: [{ field: '', expected: `a line of at most ${LONGEST_LINE} characters` }],
} as const;

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
