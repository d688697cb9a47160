import { parseBody } from '@kyoka/contracts';
import { KyokaError } from '@kyoka/kernel';
import { z } from 'zod';

const publisherKey = z.object({
  kid: z.string(),
  key: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  sources: z.array(z.string()),
  types: z.array(z.string()),
});

/** The file that `kyoka publisher add` writes, as far as publishing needs it. */
export type PublisherKey = z.infer<typeof publisherKey>;

/**
 * Reads a publisher key, the text of that file.
 *
 * @throws KyokaError `config_invalid` if it isn't one
 */
export function readPublisherKey(text: string): PublisherKey {
  const parsed = parseBody(publisherKey, jsonOf(text));
  if (parsed.ok) return parsed.value;
  throw new KyokaError('config_invalid', 'KYOKA_PUBLISHER_KEY_FILE is not the file of a key', {
    faults: [
      { field: 'KYOKA_PUBLISHER_KEY_FILE', expected: 'a file that kyoka publisher add wrote' },
    ],
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
