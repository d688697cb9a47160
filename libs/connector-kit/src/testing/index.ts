import { FAULT_CASES } from './fault-cases.js';
import { JOB_CASES } from './job-cases.js';
import { MEMBER_CASES } from './member-cases.js';
import { SENDING_CASES } from './sending-cases.js';
import { Bench } from './bench.js';
import type { ConformanceHarness } from './harness.js';

export type { ConformanceFault, ConformanceHarness, PlayedNetwork } from './harness.js';

/**
 * What every connector has to do against its network as the sandbox plays it: named checks for any
 * test runner, each on a network of its own, throwing where the connector fails. What differs
 * between networks comes from the declared capabilities, never from a network's name.
 */
export function connectorConformance(
  start: () => Promise<ConformanceHarness>,
): { what: string; check: () => Promise<void> }[] {
  return [...MEMBER_CASES, ...SENDING_CASES, ...FAULT_CASES, ...JOB_CASES].map(({ what, run }) => ({
    what,
    check: () => Bench.run(start, run),
  }));
}
