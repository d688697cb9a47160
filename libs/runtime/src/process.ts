import process, { env, stderr } from 'node:process';
import { readSettings, type Role, type Settings } from '@kyoka/config';
import { isKyokaError, type KyokaError, SECOND } from '@kyoka/kernel';
import { createLog } from '@kyoka/logging';
import { Closing } from './closing.js';
import type { ProcessParts } from './process-parts.js';
import { counted, startTelemetry } from './telemetry.js';

/** npm passes on what the terminal has sent to the whole group already: one Ctrl-C arrives twice. */
const SAME_SIGNAL_MS = 2 * SECOND;

/** What ends a process that nobody has stopped. */
type Fatal = KyokaError | 'database_lost';

export interface RunningProcess extends ProcessParts {
  readonly settings: Settings;
  /** Called when something ends that the process can't go on without. */
  readonly onFatal: (fault: Fatal) => void;
}

export interface ProcessOptions {
  readonly role: Role;
  /** Brings everything up and returns with it running. */
  readonly start: (running: RunningProcess) => Promise<void>;
  /** Called when a signal has asked for the end. */
  readonly onStopping?: () => void;
}

/**
 * Runs a process from its settings to its end: until a signal, or until something fails that it can't
 * go on without; then closes what was opened. Standard error says why it ended, in words that hold
 * nothing of anybody's data.
 *
 * Sets the exit code: 0 after a signal, when everything closed in time; else 1.
 */
export async function runProcess(options: ProcessOptions): Promise<void> {
  process.exitCode = await run(options);
  // What keeps the process alive after this did not close in time.
  setTimeout(() => process.exit(), 2 * SECOND).unref();
}

async function run({ role, start, onStopping }: ProcessOptions): Promise<number> {
  const settings = settingsOrWhy(role);
  if (settings === undefined) return 1;
  const log = counted(
    createLog({
      level: settings.logLevel,
      role,
      ...(settings.logFile && { destination: settings.logFile }),
    }),
  );
  const closing = new Closing();
  startTelemetry(role, settings, closing);
  const ending = Promise.withResolvers<Fatal | NodeJS.Signals>();
  onStopSignal(ending.resolve);

  log.info('process_started', { pid: process.pid });
  const started = start({ settings, clock: Date.now, closing, log, onFatal: ending.resolve });
  const why = await Promise.race([
    ending.promise,
    started.then(
      () => ending.promise,
      (fault: unknown) => fault,
    ),
  ]);
  const stopped = typeof why === 'string' && why.startsWith('SIG');
  if (stopped) {
    onStopping?.();
    log.info('process_stopping', { reason: why });
  } else {
    explain(why, settings);
    log.error('process_failed', { fault: why });
  }
  const failed = await closing.close(settings.drainMs);
  if (failed.length > 0) stderr.write(`did not close in time: ${failed.join(', ')}\n`);
  log.info('process_stopped');
  return stopped && failed.length === 0 ? 0 : 1;
}

/** Tells of the first signal; another one, later, ends the process at once. */
function onStopSignal(tell: (signal: NodeJS.Signals) => void): void {
  let first: number | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      const now = performance.now();
      first ??= now;
      if (now - first > SAME_SIGNAL_MS) process.exit(130);
      tell(signal);
    });
  }
}

function settingsOrWhy(role: Role): Settings | undefined {
  try {
    return readSettings(env, { role });
  } catch (fault) {
    explain(fault, undefined);
    return undefined;
  }
}

function explain(fault: unknown, settings: Settings | undefined): void {
  if (!isKyokaError(fault)) {
    const what = fault === 'database_lost' ? 'the database ended' : 'an unexpected fault';
    stderr.write(`\nKyoka stopped: ${what}; see ${settings?.logFile ?? 'the log'}\n`);
    return;
  }
  stderr.write(`\nKyoka stopped (${fault.code}): ${fault.message}\n`);
  for (const { field, expected } of fault.faults) stderr.write(`  ${field}: ${expected}\n`);
}
