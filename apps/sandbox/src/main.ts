import { once } from 'node:events';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { readSettings } from '@kyoka/config';
import { isKyokaError } from '@kyoka/kernel';
import { startSandbox } from '@kyoka/sandbox';
import { openVault } from '@kyoka/vault';

async function main(): Promise<void> {
  const settings = readSettings(process.env, { role: 'sandbox' });
  const { keyDir, dataDir, kek, sandboxDir } = settings;
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
  process.stdout.write(
    `Google: ${sandbox.urls.google}\nMeta: ${sandbox.urls.meta}\nMail: ${sandbox.mail.url}, read at ${sandbox.mail.pageUrl}\n`,
  );
  const stopped = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  // Through npm one Ctrl-C arrives twice; the second must not cut the closing short.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);
  await stopped;
  await sandbox.close();
}

await main().catch((error: unknown) => {
  const why = isKyokaError(error) ? `${error.code}: ${error.message}` : 'internal';
  process.stderr.write(`the sandbox stopped: ${why}\n`);
  process.exitCode = 1;
});
