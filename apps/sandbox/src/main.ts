import { existsSync } from 'node:fs';
import process, { env, stderr, stdout } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from '@kyoka/config';
import { isKyokaError } from '@kyoka/kernel';
import { createLog } from '@kyoka/logging';
import { startSandbox } from '@kyoka/sandbox';
import { openVault } from '@kyoka/vault';

/** @returns the exit code: 0 after a signal, when everything closed within KYOKA_DRAIN_MS; else 1 */
async function main(): Promise<number> {
  const stopping = stopSignal();
  const settings = readSettings(env, { role: 'sandbox' });
  const { keyDir, dataDir, kek, sandboxDir, logLevel: level, logFile } = settings;
  const log = createLog({ level, role: 'sandbox', ...(logFile && { destination: logFile }) });
  log.info('process_started', { pid: process.pid });
  // Keys are made on a machine that has nothing yet; elsewhere lost ones have to be noticed.
  const create = !existsSync(dataDir) && !existsSync(sandboxDir);
  const vault = await openVault({ keyDir, dataDir, kek, create });
  const sandbox = await startSandbox({
    mailPort: settings.sandboxSmtpPort,
    port: settings.sandboxPort,
    clock: Date.now,
    folder: sandboxDir,
    digestKey: (matchKey) => vault.mac('sandbox-journal', matchKey).toString('base64url'),
    timing: {
      googleProcessingMs: settings.sandboxGoogleProcessingMs,
      metaProcessingMs: settings.sandboxMetaProcessingMs,
    },
  });
  log.info('listening', { port: Number(new URL(sandbox.urls.google).port) });
  stdout.write(
    `Google: ${sandbox.urls.google}\nMeta: ${sandbox.urls.meta}\nMail: ${sandbox.mail.url}, read at ${sandbox.mail.pageUrl}\n`,
  );
  log.info('process_stopping', { reason: await stopping });
  const closed = sandbox.close().then(() => true);
  const inTime = await Promise.race([closed, sleep(settings.drainMs, false, { ref: false })]);
  if (!inTime) stderr.write('did not close in time: sandbox\n');
  log.info('process_stopped');
  return inTime ? 0 : 1;
}

/** The first signal that asks for the end. Through npm one Ctrl-C arrives twice; the second must not cut the closing short. */
function stopSignal(): Promise<NodeJS.Signals> {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  return promise;
}

process.exitCode = await main().catch((fault: unknown) => {
  if (!isKyokaError(fault)) stderr.write('the sandbox stopped: internal\n');
  else {
    stderr.write(`the sandbox stopped (${fault.code}): ${fault.message}\n`);
    for (const { field, expected } of fault.faults) stderr.write(`  ${field}: ${expected}\n`);
  }
  return 1;
});
if (process.exitCode !== 0) process.exit();
