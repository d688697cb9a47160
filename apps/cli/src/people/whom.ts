import { parseBody, subjectSelector, type SubjectSelector } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import { type Surroundings, UsageError } from '../lines/surroundings.js';

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const SOURCE_AND_REF = /^([a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*)\/(.{1,128})$/;
const AT = /[@＠]/;
const LINE_USER = /^U[0-9a-f]{32}$/;
/** Starts like a number that is dialled, and holds as many digits as one. */
const DIALLED = /^[+＋(（]?(?:\D{0,2}[0-9０-９]){9,15}$/;

/** Commands about people take no argument that could be a contact value, in whatever place. */
export function refuseContactValues(words: readonly string[]): void {
  if (words.some((word) => AT.test(word) || DIALLED.test(word) || LINE_USER.test(word))) {
    throw new UsageError(
      'an argument looks like a contact value; others can see arguments, so give it on standard input',
    );
  }
}

/** The subjects of the arguments, or of standard input where there is none or a dash. */
export function subjectLines(
  words: readonly string[],
  { lines }: Surroundings,
): AsyncIterable<string> | Iterable<string> {
  if (words.length === 0 || (words.length === 1 && words[0] === '-')) return lines();
  if (words.every((word) => ID.test(word) || SOURCE_AND_REF.test(word))) return words;
  throw new UsageError('a subject is an id or SOURCE/REF; a contact value on standard input');
}

/**
 * Whom a line means: an id, `source/ref`, an email address, a phone number, a LINE user id, or any
 * selector as JSON.
 *
 * @throws KyokaError `bad_input`
 */
export function whomOf(line: string): SubjectSelector {
  const text = line.trim();
  if (text.startsWith('{')) return selectorOf(text);
  if (ID.test(text)) return { id: text.toLowerCase() };
  if (AT.test(text)) return { contact: { kind: 'email', value: text } };
  if (LINE_USER.test(text)) return { contact: { kind: 'line', value: text } };
  if (DIALLED.test(text)) return { contact: { kind: 'phone', value: text } };
  const [, source, ref] = SOURCE_AND_REF.exec(text) ?? [];
  if (source !== undefined && ref !== undefined) return { source, ref };
  throw unreadable();
}

function selectorOf(text: string): SubjectSelector {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw unreadable();
  }
  const contact = parseBody(subjectSelector, { contact: given });
  const parsed = contact.ok ? contact : parseBody(subjectSelector, given);
  if (parsed.ok) return parsed.value;
  throw new KyokaError('bad_input', 'no subject', { faults: parsed.faults });
}

function unreadable(): KyokaError {
  const expected = 'an id, source/ref, a contact value, or a selector as JSON';
  return new KyokaError('bad_input', 'no subject', { faults: [{ field: '', expected }] });
}
