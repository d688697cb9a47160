import process, { argv, env, stderr } from 'node:process';
import { readSettings, type Settings } from '@kyoka/config';
import { isKyokaError, type KyokaError, SECOND } from '@kyoka/kernel';
import { createLog } from '@kyoka/logging';
import { Closing } from './closing.js';
import { openScreen } from './screen.js';
import { start } from './start.js';

const NEW_TOKEN = '--new-token';
const CLOSE_EACH_MS = 25 * SECOND;
/** npm passes on what the terminal has sent to the whole group already: one Ctrl-C arrives twice. */
const SAME_SIGNAL_MS = 2 * SECOND;

process.exitCode = await main();
// What keeps the process alive after this did not close in time.
setTimeout(() => process.exit(), 2 * SECOND).unref();

/** @returns the exit code */
async function main(): Promise<number> {
  const words = argv.slice(2);
  if (words.some((word) => word !== NEW_TOKEN)) {
    stderr.write(`usage: npm start [-- ${NEW_TOKEN}]\n`);
    return 2;
  }
  const settings = settingsOrWhy();
  if (settings === undefined) return 1;
  const log = createLog({
    level: settings.logLevel,
    role: 'standalone',
    ...(settings.logFile && { destination: settings.logFile }),
  });
  const closing = new Closing();
  const screen = openScreen();
  const ending = Promise.withResolvers<KyokaError | 'database_lost' | NodeJS.Signals>();
  onStopSignal(ending.resolve);

  screen.say('\nKyoka 許可\n');
  log.info('process_started', { pid: process.pid });
  const newToken = words.includes(NEW_TOKEN);
  const started = start({
    settings,
    clock: Date.now,
    closing,
    log,
    screen,
    newToken,
    onFatal: ending.resolve,
  });
  const why = await Promise.race([
    ending.promise,
    started.then(
      () => ending.promise,
      (fault: unknown) => fault,
    ),
  ]);
  const stopped = typeof why === 'string' && why.startsWith('SIG');
  if (stopped) {
    screen.say('\nStopping.');
    log.info('process_stopping', { reason: why });
  } else {
    explain(why, settings);
    log.error('process_failed', { fault: why });
  }
  const failed = await closing.close(CLOSE_EACH_MS);
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

function settingsOrWhy(): Settings | undefined {
  try {
    return readSettings(env, { role: 'standalone' });
  } catch (fault) {
    explain(fault, undefined);
    return undefined;
  }
}

/** Why it does not go on, in words that hold nothing of anybody's data. */
function explain(fault: unknown, settings: Settings | undefined): void {
  if (!isKyokaError(fault)) {
    const what = fault === 'database_lost' ? 'the database ended' : 'an unexpected fault';
    stderr.write(`\nKyoka stopped: ${what}; see ${settings?.logFile ?? 'the log'}\n`);
    return;
  }
  stderr.write(`\nKyoka stopped (${fault.code}): ${fault.message}\n`);
  for (const { field, expected } of fault.faults) stderr.write(`  ${field}: ${expected}\n`);
}
