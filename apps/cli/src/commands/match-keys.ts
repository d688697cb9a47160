import { createHash } from 'node:crypto';
import { matchKey } from '@kyoka/match-keys';

/** Characters of one line; the longest value any rule takes is far below. */
const LONGEST_LINE = 65_536;

const FIELDS = ['id', 'network', 'identifier', 'raw'] as const;
type Request = Readonly<Record<(typeof FIELDS)[number], string>>;

/**
 * `kyoka match-keys`: one request `{"id","network","identifier","raw"}` a line, one answer a line in
 * the same order. It reads what the caller hands in and nothing else. A line that isn't such a
 * request is answered with its number and the field at fault, and the rest goes on; blank lines are
 * passed over.
 *
 * @returns the exit code: 0 when every line was answered, 1 when one was refused
 */
export async function matchKeysCommand(
  lines: AsyncIterable<string>,
  write: (line: string) => void,
): Promise<number> {
  let exitCode = 0;
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line.trim() === '') continue;
    const request = read(line);
    if ('fault' in request) {
      exitCode = 1;
      write(JSON.stringify({ status: 'refused', line: number, ...request.fault }));
      continue;
    }
    const { id, network, identifier, raw } = request;
    write(JSON.stringify({ id, ...matchKey(network, identifier, raw, sha256Hex) }));
  }
  return exitCode;
}

function read(line: string): Request | { fault: { field: string; expected: string } } {
  if (line.length > LONGEST_LINE) {
    return { fault: { field: '', expected: `a line of at most ${LONGEST_LINE} characters` } };
  }
  const given = parse(line);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return { fault: { field: '', expected: 'a JSON object' } };
  }
  const request = given as Request;
  const missing = FIELDS.find((field) => typeof request[field] !== 'string');
  return missing === undefined ? request : { fault: { field: missing, expected: 'a string' } };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function sha256Hex(utf8: string): string {
  return createHash('sha256').update(utf8, 'utf8').digest('hex');
}
