import { open, unlink } from 'node:fs/promises';
import { EVENT_TYPES } from '@kyoka/contracts';
import { formatInstant, isKyokaError, tokyoDayBounds } from '@kyoka/kernel';
import type { FieldFault } from '@kyoka/kernel';
import { openVault } from '@kyoka/vault';

export interface PublisherAddOptions {
  readonly keyDir: string;
  readonly dataDir?: string | undefined;
  /** The key-encryption key, where it isn't in the key folder. */
  readonly kek?: string | undefined;
  readonly name: string;
  readonly sources: readonly string[];
  readonly types: readonly string[];
  /** The last day of the key, `YYYY-MM-DD` in Asia/Tokyo. */
  readonly until: string;
  readonly now: number;
  /** File to write for the publisher (`KYOKA_PUBLISHER_KEY_FILE`), mode 0600; it must not exist. */
  readonly out: string;
  /** Whether the answer shows the key. */
  readonly show?: boolean;
  readonly write: (line: string) => void;
}

/**
 * `kyoka publisher add`: registers a publisher key for sources, types and an end date, and writes it
 * to a file `{"kid","key","name","sources","types","validUntil"}`. The answer, one line, has no key
 * unless `show`: terminals are recorded.
 *
 * @returns the exit code: 0 registered, 1 refused
 * @throws KyokaError if the key folder can't be opened
 */
export async function publisherAddCommand(options: PublisherAddOptions): Promise<number> {
  const { keyDir, dataDir, kek, name, sources, types, out, show = false, write } = options;
  const refuse = (faults: readonly FieldFault[]) => {
    write(JSON.stringify({ status: 'refused', faults }));
    return 1;
  };
  const checked = endOf(options);
  if ('expected' in checked) return refuse([checked]);
  const { validUntil } = checked;

  const vault = await openVault({ keyDir, dataDir, kek });
  // Before the key exists: a key that can't be handed over must not be registered.
  const file = await open(out, 'wx', 0o600).catch(() => undefined);
  if (!file)
    return refuse([
      { field: 'out', expected: 'a file that does not exist, in a folder that does' },
    ]);
  try {
    const grant = { name, sources, types, validUntil };
    const { kid, key } = await vault.publishers.register(grant);
    await file.writeFile(`${JSON.stringify({ kid, key, ...grant })}\n`);
    await file.sync();
    const end = formatInstant(validUntil);
    const answer = { status: 'registered', kid, ...grant, validUntil: end, file: out };
    write(JSON.stringify(show ? { ...answer, key } : answer));
    return 0;
  } catch (error) {
    await unlink(out);
    if (isKyokaError(error) && error.code === 'bad_input') return refuse(error.faults);
    throw error;
  } finally {
    await file.close();
  }
}

/** When the key ends, or what is wrong with what it is asked for. */
function endOf({ until, now, types }: PublisherAddOptions): { validUntil: number } | FieldFault {
  const validUntil = tokyoDayBounds(until)?.last;
  if (validUntil === undefined) return { field: 'until', expected: 'a day, YYYY-MM-DD' };
  if (validUntil < now) return { field: 'until', expected: 'a day that is not over' };
  const known: readonly string[] = EVENT_TYPES;
  return types.every((type) => known.includes(type))
    ? { validUntil }
    : { field: 'types', expected: `some of ${known.join(', ')}` };
}
