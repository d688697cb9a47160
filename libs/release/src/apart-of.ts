import { Apart } from '@kyoka/clock';
import { toKyokaError } from '@kyoka/postgres';
import type { ReleaseContext } from './ports.js';

/** Items of a task that fail apart, each of them told of. */
export const apartOf = ({ log }: ReleaseContext, task: string, item: 'audience' | 'subject') =>
  new Apart(task, (fault, id) =>
    log('due_item_failed', { op: task, [item]: id, code: toKyokaError(fault).code }),
  );
