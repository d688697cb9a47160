import { randomUUID } from 'node:crypto';
import type { Capabilities } from '@kyoka/connector-kit';
import type { Instant } from '@kyoka/kernel';
import type { RemovalStatus } from '@kyoka/suspension';
import type { Due } from './removal-steps.js';
import type { Attempt } from './tables/attempt-table.js';

/** The request that carries these removals, one contact point a record, recorded at `gateAt`. */
export function removalAttempt(
  audienceId: string,
  due: readonly Due[],
  capabilities: Capabilities,
  gateAt: Instant,
): Attempt {
  return {
    id: randomUUID(),
    op: 'remove',
    audienceId,
    persons: due.length,
    gateAt,
    deadlineAt: gateAt + capabilities.sendDeadlineMs,
    items: due.map(({ removal: { subjectId, kind, token, fold } }, position) => ({
      position,
      subjectId,
      kind,
      token,
      fold,
      runId: null,
    })),
  };
}

/** How a removal stands by its next step, looked at again at `dueAt`. */
export const standingOf = (
  { removal, step }: Due,
  dueAt: Instant,
): { id: string; status: RemovalStatus; dueAt: Instant; dueBy: Instant } => ({
  id: removal.id,
  status: step.status,
  dueAt,
  dueBy: step.dueBy,
});
