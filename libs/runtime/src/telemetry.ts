import type { Role, Settings } from '@kyoka/config';
import { type Log, LOG_CODES } from '@kyoka/logging';
import { count, learnCode, setRole, startTracing } from '@kyoka/telemetry';
import type { Closing } from './closing.js';

/** Names the process in its metrics, and sends traces where there is a receiver for them. */
export function startTelemetry(role: Role, { otlpUrl }: Settings, closing: Closing): void {
  setRole(role);
  for (const code of LOG_CODES) {
    learnCode(code);
    count('kyoka_errors_total', { code }, 0);
  }
  if (otlpUrl === undefined) return;
  const tracing = startTracing({ url: otlpUrl, role });
  closing.add('traces', () => tracing.stop());
}

/** The log, with what it says at the level error counted as well. */
export const counted = (log: Log): Log => ({
  ...log,
  error(code, fields) {
    count('kyoka_errors_total', { code });
    log.error(code, fields);
  },
});
