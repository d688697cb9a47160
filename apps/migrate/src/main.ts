import process, { argv, env, stderr, stdout } from 'node:process';
import { readSettings } from '@kyoka/config';
import { isKyokaError } from '@kyoka/kernel';
import { migrateAll } from './migrate-all.js';

const USAGE = 'usage: npm run migrate [-- --token-for user:NAME]\n';

async function main(): Promise<number> {
  const words = argv.slice(2);
  const [flag, owner] = words;
  if (
    words.length > 0 &&
    (flag !== '--token-for' ||
      !/^user:[a-z][a-z0-9_-]{0,31}$/.test(owner ?? '') ||
      words.length > 2)
  ) {
    stderr.write(USAGE);
    return 2;
  }
  const settings = readSettings(env, { role: 'migrate' });
  await migrateAll(settings, { clock: Date.now, owner, say: (line) => stdout.write(`${line}\n`) });
  return 0;
}

process.exitCode = await main().catch((fault: unknown) => {
  if (!isKyokaError(fault)) throw fault;
  stderr.write(`migrate stopped (${fault.code}): ${fault.message}\n`);
  for (const { field, expected } of fault.faults) stderr.write(`  ${field}: ${expected}\n`);
  return 1;
});
