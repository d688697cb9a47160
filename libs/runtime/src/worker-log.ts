import type { Log, LogCode, LogLevel } from '@kyoka/logging';
import type { Log as ReleaseLog } from '@kyoka/release';

interface Line {
  readonly code: LogCode;
  readonly level: LogLevel;
}

const STEP_FAILED: Line = { code: 'worker_step_failed', level: 'error' };

/** What the release worker tells, and how grave it is. */
const LINES: Readonly<Record<string, Line>> = {
  add_outcome_unknown: { code: 'add_outcome_unknown', level: 'warn' },
  add_rejected: { code: 'add_rejected', level: 'warn' },
  job_incomplete: { code: 'job_incomplete', level: 'warn' },
  due_item_failed: { code: 'due_item_failed', level: 'error' },
  list_unavailable: { code: 'list_unavailable', level: 'warn' },
  removal_not_taken: { code: 'removal_not_taken', level: 'warn' },
  run_refused: { code: 'run_refused', level: 'warn' },
  removal_overdue: { code: 'removal_overdue', level: 'error' },
  stop_not_followed: { code: 'stop_not_followed', level: 'error' },
  worker_step_failed: STEP_FAILED,
};

/** The worker's lines in the log's words: its `code` is a reason there. */
export function workerLog(log: Log): ReleaseLog {
  return (name, { code, op, removals, acts, ...fields }) => {
    const { code: line, level } = LINES[name] ?? STEP_FAILED;
    log[level](line, { ...fields, reason: code, operation: op, count: removals ?? acts });
  };
}
