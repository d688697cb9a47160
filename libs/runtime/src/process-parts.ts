import type { Clock } from '@kyoka/kernel';
import type { Log } from '@kyoka/logging';
import type { Closing } from './closing.js';

/** What every part of a process is opened with. */
export interface ProcessParts {
  readonly clock: Clock;
  /** Takes how to close what was opened. */
  readonly closing: Closing;
  readonly log: Log;
}
