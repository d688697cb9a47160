/**
 * Makes a clone ready to run: installs the locked dependencies (Node 24 and PostgreSQL are among them)
 * where they lack or differ, and builds. Needs nothing but Node 20 and npm. Every npm script begins with
 * it, as `node .kit/prepare.mjs && hash -r && exec node …`: the shell then finds the Node that was just
 * installed, and `exec` lets a signal to npm reach the program itself.
 *
 * Speaks on standard error only, since the output of some commands is read by programs.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chdir, env, execPath, exit, kill, ppid, stderr, versions } from 'node:process';
import { fileURLToPath } from 'node:url';
import { findMissing } from './installed.mjs';
import { holdLock } from './lock.mjs';

const OWN_NODE = 'node_modules/.bin/node';
const PARENT = ppid;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** When the shell that called us is gone nobody waits for us any more: end what we started, and us. */
function endWithParent(child) {
  return setInterval(() => {
    if (process.ppid === PARENT) return;
    kill(child.pid, 'SIGTERM');
    exit(143);
  }, 500);
}

/** Whoever interrupts us means what we started as well: npm alone would go on installing. */
function endBefore(child) {
  child.once('close', () => void release().finally(() => exit(130)));
  kill(child.pid, 'SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 3_000);
}

/** Runs a step, telling after a second and then every five that it goes on; shows its output only when it fails. */
async function step(name, command, args) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const announce = setTimeout(() => stderr.write(`kyoka: ${name}\n`), 1_000);
  const progress = setInterval(() => stderr.write(`kyoka: ${name} (${seconds()} s)\n`), 5_000);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const watch = endWithParent(child);
  const interrupt = () => endBefore(child);
  for (const signal of SIGNALS) process.on(signal, interrupt);
  const output = [];
  child.stdout.on('data', (chunk) => output.push(chunk));
  child.stderr.on('data', (chunk) => output.push(chunk));
  const status = await new Promise((resolve) => {
    child.once('error', () => resolve(127));
    child.once('close', resolve);
  });
  clearTimeout(announce);
  clearInterval(progress);
  clearInterval(watch);
  for (const signal of SIGNALS) process.off(signal, interrupt);
  if (status === 0) return;
  stderr.write(`${Buffer.concat(output).toString()}\nkyoka: ${name} failed after ${seconds()} s\n`);
  exit(1);
}

async function install() {
  const args = ['ci', '--include=dev', '--include=optional'];
  const npm = env.npm_execpath;
  const name = 'installing what is missing (about 500 MB, once)';
  if (npm?.endsWith('.js')) await step(name, execPath, [npm, ...args]);
  else await step(name, 'npm', args);
}

function atLeast(version, [major, minor]) {
  const [ours, minorOfOurs] = version.split('.').map(Number);
  return ours > major || (ours === major && minorOfOurs >= minor);
}

chdir(fileURLToPath(new URL('..', import.meta.url)));

if (!atLeast(versions.node, [20, 0])) {
  stderr.write(`kyoka: needs Node 20 or newer to install itself; this is ${versions.node}\n`);
  exit(1);
}

const release = await holdLock('.cache/prepare.lock', () =>
  stderr.write('kyoka: another command installs or builds here; waiting for it\n'),
);
try {
  if ((await findMissing('.')).length > 0) await install();
  if (!existsSync(OWN_NODE) && !atLeast(versions.node, [24, 11])) {
    stderr.write(
      `kyoka: no Node 24 could be installed for ${process.platform}-${process.arch}; install Node 24.11 or newer\n`,
    );
    exit(1);
  }
  const node = existsSync(OWN_NODE) ? OWN_NODE : execPath;
  await step('building', node, ['node_modules/typescript/bin/tsc', '-b']);
} finally {
  await release();
}
