import process, { argv, env, stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { runKyoka } from './run.js';

// Whoever reads our output may have read enough.
stdout.on('error', () => process.exit(0));

process.exitCode = await runKyoka(argv.slice(2), {
  env,
  lines: () => createInterface({ input: stdin, crlfDelay: Infinity }),
  write: (line) => stdout.write(`${line}\n`),
  tell: (line) => stderr.write(`${line}\n`),
});
