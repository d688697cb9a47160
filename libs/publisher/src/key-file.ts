/** A publisher key as `kyoka publisher add` hands it over: one JSON object in a file of its own. */
export interface PublisherKeyFile {
  readonly kid: string;
  /** 32 bytes as base64url. */
  readonly key: string;
  /** Values of `source` that its events may carry. */
  readonly sources: readonly string[];
  /** Event types that it may publish. */
  readonly types: readonly string[];
}

/**
 * Reads the text of such a file.
 *
 * @throws RangeError, which repeats nothing of it, if it isn't one
 */
export function readKeyFile(text: string): PublisherKeyFile {
  const { kid, key, sources, types } = membersOf(text);
  if (isText(kid) && isText(key) && areTexts(sources) && areTexts(types) && isKey(key)) {
    return { kid, key, sources, types };
  }
  throw new RangeError('not the file of a publisher key');
}

function membersOf(text: string): Partial<Record<keyof PublisherKeyFile, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    return {};
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

const areTexts = (value: unknown): value is string[] => Array.isArray(value) && value.every(isText);

const isKey = (key: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(key);
