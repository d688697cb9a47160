/**
 * Every check that needs no running service, one line each; what failed shows its output. Names as
 * arguments run only these: `npm run check -- lint types`.
 */
import { spawn } from 'node:child_process';
import { argv, env, execPath, exit, stdout } from 'node:process';

const tool = (path) => [execPath, `node_modules/${path}`];

const CHECKS = {
  format: [...tool('prettier/bin/prettier.cjs'), '--check', '.'],
  lint: [
    ...tool('oxlint/bin/oxlint'),
    '--type-aware',
    '--deny-warnings',
    'apps',
    'libs',
    'test',
    '.kit',
  ],
  boundaries: [execPath, '.kit/check-boundaries.mjs'],
  keys: [execPath, '.kit/check-keys.mjs'],
  types: [...tool('typescript/bin/tsc'), '-p', '.config/tsconfig.tests.json'],
  exports: [...tool('knip/bin/knip.js'), '--no-config-hints'],
  generated: [execPath, '.kit/generate.mjs', '--check'],
  probes: [execPath, '.kit/test.mjs', '--project', 'unit', 'test/boundaries'],
};

async function run(name) {
  const [command, ...args] = CHECKS[name];
  const started = Date.now();
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, FORCE_COLOR: '0' },
  });
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const status = await new Promise((resolve) => child.once('close', resolve));
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  stdout.write(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)\n`);
  if (status !== 0) stdout.write(`${Buffer.concat(output).toString().trimEnd()}\n`);
  return status === 0;
}

const wanted = argv.slice(2);
const unknown = wanted.filter((name) => !(name in CHECKS));
if (unknown.length > 0) {
  stdout.write(`no such check; there are: ${Object.keys(CHECKS).join(', ')}\n`);
  exit(2);
}
let failed = 0;
for (const name of wanted.length > 0 ? wanted : Object.keys(CHECKS)) {
  if (!(await run(name))) failed += 1;
}
exit(failed === 0 ? 0 : 1);
