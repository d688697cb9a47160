/**
 * `npm run attack`: what somebody gets out of a copy of a loaded system without its keys.
 * `-- --quick`: few people, and of the numbers only those around theirs; everything else is the same.
 * `-- --people N`: so many people.
 */
import { argv, exit, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { runAttack } from './run.js';

const { values } = parseArgs({
  args: argv.slice(2),
  options: { quick: { type: 'boolean', default: false }, people: { type: 'string' } },
});

const result = await runAttack({
  quick: values.quick,
  people: values.people === undefined ? undefined : Number(values.people),
  say: (line) => void stdout.write(`${line}\n`),
});
stdout.write(`${JSON.stringify(result.counts)}\n`);
exit(result.faults.length === 0 ? 0 : 1);
