import type { Log, LogCode, LogLevel } from '@kyoka/logging';
import type { Log as ReleaseLog } from '@kyoka/release';

/** What the release worker tells, and how grave it is. */
const LEVEL_OF: Readonly<Record<string, { readonly code: LogCode; readonly level: LogLevel }>> = {
  add_outcome_unknown: { code: 'add_outcome_unknown', level: 'warn' },
  add_rejected: { code: 'add_rejected', level: 'warn' },
  job_incomplete: { code: 'job_incomplete', level: 'warn' },
  list_unavailable: { code: 'list_unavailable', level: 'warn' },
  removal_not_taken: { code: 'removal_not_taken', level: 'warn' },
  removal_overdue: { code: 'removal_overdue', level: 'error' },
  worker_step_failed: { code: 'worker_step_failed', level: 'error' },
};

/** The worker's lines in the log's words: its `code` is a reason there. */
export function workerLog(log: Log): ReleaseLog {
  return (name, { code, op, removals, ...fields }) => {
    const { code: line, level } = LEVEL_OF[name] ?? LEVEL_OF['worker_step_failed']!;
    log[level](line, { ...fields, reason: code, operation: op, count: removals });
  };
}
