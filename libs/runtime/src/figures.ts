import { FIGURES, figureTask } from '@kyoka/edge';
import { MINUTE } from '@kyoka/kernel';
import type { Pool } from '@kyoka/postgres';
import { keepTime } from './clock.js';
import type { ProcessParts } from './process-parts.js';

/** As long as a count over a whole table may take, and a little more. */
const BATCH_MS = 11 * MINUTE;

/**
 * Counts the totals of a context that pages show, apart from what else time brings, since it may take long.
 *
 * @param pool under the role of the context
 */
export function startFigures(
  { context, pool }: { readonly context: keyof typeof FIGURES; readonly pool: Pool },
  parts: ProcessParts,
): void {
  const tasks = [figureTask(pool, context, FIGURES[context])];
  keepTime(
    { name: `figures of ${context}`, pool, tasks, everyMs: MINUTE, batchMs: BATCH_MS },
    parts,
  );
}
