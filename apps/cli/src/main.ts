import process, { argv, env, stderr, stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline';
import { runKyoka } from './run.js';

/** `EX_IOERR` of sysexits.h. */
const OUTPUT_LOST = 74;

// Whoever reads our output may have read enough; an answer that is lost otherwise was not given.
stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(0);
  stderr.write('kyoka: the output could not be written\n', () => process.exit(OUTPUT_LOST));
});
// There is nowhere left to tell it.
stderr.on('error', () => undefined);

process.exitCode = await runKyoka(argv.slice(2), {
  env,
  lines: () => createInterface({ input: stdin, crlfDelay: Infinity }),
  write: (line) => stdout.write(`${line}\n`),
  tell: (line) => stderr.write(`${line}\n`),
});
