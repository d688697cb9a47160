/**
 * Runs dependency-cruiser over a tree (this one, or the one named) and fails on a violation, and also
 * when it saw too little: a cruiser that can't read TypeScript reports nothing and succeeds.
 */
import { argv, chdir, exit, stdout } from 'node:process';
import { cruise } from 'dependency-cruiser';
import rules from '../.dependency-cruiser.mjs';

const FLOOR = 250;

const [tree = '.', floor = FLOOR] = argv.slice(2);
chdir(tree);
const { options, ...ruleSet } = rules;
const { output } = await cruise(['apps', 'libs', 'test'], { ...options, ruleSet, validate: true });
const { violations, totalCruised } = output.summary;

for (const { rule, from, to } of violations) {
  const { comment } = ruleSet.forbidden.find(({ name }) => name === rule.name);
  stdout.write(`${rule.name}: ${from} -> ${to}\n  ${comment}\n`);
}
if (totalCruised < Number(floor))
  stdout.write(`only ${totalCruised} modules seen, at least ${floor} expected\n`);
exit(violations.length > 0 || totalCruised < Number(floor) ? 1 : 0);
