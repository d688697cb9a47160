/**
 * `npm run attack`: what somebody gets out of a copy of a loaded system without its keys.
 * `-- --quick`: few people, and of the numbers only those around theirs; everything else is the same.
 */
import { argv, exit, stdout } from 'node:process';
import { runAttack } from './run.js';

const result = await runAttack({
  quick: argv.includes('--quick'),
  say: (line) => void stdout.write(`${line}\n`),
});
stdout.write(`${JSON.stringify(result.counts)}\n`);
exit(result.faults.length === 0 ? 0 : 1);
