/**
 * Runs the tests, then tells on one line what the machine could not run, and on the last one the count.
 * Arguments are those of vitest: a path, `--project unit`, `-t name`.
 *
 * With CI=true a skipped test is a failure: a build must not pass for lack of a broker.
 */
import { argv, env, exit, stdout } from 'node:process';
import { parseCLI, startVitest } from 'vitest/node';

const CONFIG = 'vitest.config.ts';

const { filter, options } = parseCLI(['vitest', 'run', ...argv.slice(2)]);
const vitest = await startVitest('test', filter, { config: CONFIG, ...options, watch: false });
const modules = vitest.state.getTestModules();
const unhandled = vitest.state.getUnhandledErrors();
await vitest.close();

const tests = modules.flatMap((module) => [...module.children.allTests()]);
const count = (state) => tests.filter((test) => test.result().state === state).length;
/** Modules and suites that broke outside any test (an import, a hook) would otherwise count as nothing. */
const broken = modules
  .flatMap((module) => [module, ...module.children.allSuites()])
  .filter((part) => part.errors().length > 0);

const passed = count('passed');
const skipped = count('skipped') + count('pending');
const failed = count('failed') + broken.length + unhandled.length;

const reasons = tests
  .filter((test) => test.result().state === 'skipped')
  .map((test) => test.result().note ?? `"${test.name}"`);
if (skipped > 0) stdout.write(`not run: ${[...new Set(reasons)].join('; ')}\n`);
stdout.write(`tests: ${passed} passed, ${failed} failed, ${skipped} skipped\n`);

const nothingRan = passed + failed === 0;
exit(failed > 0 || nothingRan || (env.CI === 'true' && skipped > 0) ? 1 : 0);
