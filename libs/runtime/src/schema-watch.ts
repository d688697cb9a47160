import { isKyokaError, SECOND } from '@kyoka/kernel';
import type { Queryable } from '@kyoka/postgres';
import { requireSchema } from '@kyoka/schema';
import type { RunningProcess } from './process.js';

const EVERY_MS = 10 * SECOND;

/** Faults that no other look will mend: the database isn't the one that this version works on. */
const FINAL: ReadonlySet<string> = new Set(['schema_mismatch', 'restore_unfinished']);

/**
 * Ends the process when the schema changes under it: what it would write or read from then on, nobody has
 * thought of. Looks now and then, and whenever it is asked.
 *
 * @returns whether the schema is still the one that this version knows
 */
export function watchSchema(
  db: Queryable,
  { closing, onFatal }: Pick<RunningProcess, 'closing' | 'onFatal'>,
): () => Promise<boolean> {
  const look = async (): Promise<boolean> => {
    try {
      await requireSchema(db);
      return true;
    } catch (fault) {
      if (isKyokaError(fault) && FINAL.has(fault.code)) onFatal(fault);
      return false;
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  closing.add('schema watch', async () => clearInterval(timer));
  return look;
}
