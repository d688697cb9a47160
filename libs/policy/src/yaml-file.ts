import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type Finding, pointerOf, type PolicyFault } from './faults.js';

/** Larger files are refused unread. */
const MAX_FILE_CHARS = 512 * 1024;

interface YamlFile<T> {
  readonly value: T;
  /** Gives findings their place in the file. */
  place(findings: readonly Finding[]): PolicyFault[];
}

/** A file read against a schema: its value, or every fault with its place. */
export type Read<T> =
  | { readonly ok: true; readonly file: YamlFile<T> }
  | { readonly ok: false; readonly faults: PolicyFault[] };

/** Reads one YAML 1.2 document against `schema`. Aliases and duplicate keys are faults. */
export function readYaml<T>(text: string, name: string, schema: z.ZodType<T>): Read<T> {
  const whole = (message: string, line = 1, column = 1): Read<T> => ({
    ok: false,
    faults: [{ file: name, path: '', line, column, severity: 'error', message }],
  });
  if (text.length > MAX_FILE_CHARS) return whole('the file is larger than 512 kB');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    return whole(`not valid YAML (${broken.code})`, line, col);
  }
  let content: unknown;
  try {
    content = document.toJS({ maxAliasCount: 0 });
  } catch {
    return whole('YAML aliases are not allowed');
  }
  const place = (findings: readonly Finding[]): PolicyFault[] =>
    findings.map(({ path, severity, message }) => {
      const { line, col } = lines.linePos(offsetOf(document.contents, path));
      return { file: name, path: pointerOf(path), line, column: col, severity, message };
    });
  const parsed = schema.safeParse(content);
  if (!parsed.success) return { ok: false, faults: place(parsed.error.issues.flatMap(findingsOf)) };
  return { ok: true, file: { value: parsed.data, place } };
}

function findingsOf(issue: z.core.$ZodIssue): Finding[] {
  const error = (path: readonly PropertyKey[], message: string): Finding => ({
    path,
    severity: 'error',
    message,
  });
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => error([...issue.path, key], 'unknown field'));
    case 'invalid_type':
      return [error(issue.path, `expected ${issue.expected}`)];
    case 'invalid_value':
      return [error(issue.path, `expected one of: ${issue.values.map(String).join(', ')}`)];
    case 'invalid_key':
      return [error(issue.path, 'not a known key')];
    default:
      return [error(issue.path, issue.message)];
  }
}

/** Offset of the deepest node on the path that the file has; of the key where the path ends at one. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number {
  let node = root;
  let offset = (root as Node | null)?.range?.[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(part),
      );
      if (!pair) return offset;
      offset = (pair.key as Node).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(part)];
      if (!node) return offset;
      offset = (node as Node).range?.[0] ?? offset;
    } else {
      return offset;
    }
  }
  return offset;
}
