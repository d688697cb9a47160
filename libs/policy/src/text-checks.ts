import type { Finding } from './faults.js';
import type { Policy } from './policy-schema.js';

/** A published text, with the SHA-256 of its bytes in hexadecimal. */
export interface PublishedText {
  readonly text: string;
  readonly sha256: string;
}

/**
 * What a policy says about its published text: the file, its hash, where its sections begin, and that
 * every clause names a section that the text has.
 *
 * @param texts published texts by the name of their file
 */
export function checkText(policy: Policy, texts: ReadonlyMap<string, PublishedText>): Finding[] {
  const stated = policy.policy.text;
  if (!stated) {
    return [warning(['policy'], 'no published text, so no clause can be looked up')];
  }
  const path = ['policy', 'text'];
  const found = texts.get(stated.file);
  if (found === undefined) {
    return [error([...path, 'file'], 'no such file in the folder texts beside the policies')];
  }
  return [
    ...(found.sha256 === stated.sha256
      ? []
      : [error([...path, 'sha256'], 'the text has another hash: a changed text is a new version')]),
    ...Object.entries(stated.sections).flatMap(([id, start]) =>
      found.text.includes(start)
        ? []
        : [error([...path, 'sections', id], 'the text does not have these words')],
    ),
    ...clausesOf(policy).flatMap(({ path: place, clause }) =>
      clause.split('; ').every((id) => Object.hasOwn(stated.sections, id))
        ? []
        : [error(place, 'names a section that policy.text.sections does not list')],
    ),
  ];
}

interface Clause {
  readonly path: readonly PropertyKey[];
  readonly clause: string;
}

/** Every `clause` of a file, wherever it stands. */
function clausesOf(value: unknown, path: readonly PropertyKey[] = []): Clause[] {
  if (Array.isArray(value)) return value.flatMap((one, at) => clausesOf(one, [...path, at]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]): Clause[] =>
    key === 'clause' && typeof one === 'string'
      ? [{ path: [...path, key], clause: one }]
      : clausesOf(one, [...path, key]),
  );
}

const error = (path: readonly PropertyKey[], message: string): Finding => ({
  path,
  severity: 'error',
  message,
});
const warning = (path: readonly PropertyKey[], message: string): Finding => ({
  path,
  severity: 'warning',
  message,
});
