#!/usr/bin/env node
/**
 * `kyoka` on any Node from 20 on: the tool itself runs on the Node 24 of this repository. Where that or
 * the build lacks, they are made first, as the npm scripts do.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process, { argv, execPath, exit, versions } from 'node:process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = new URL('../dist/main.js', import.meta.url);
const ownNode = `${root}node_modules/.bin/node`;

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 11);
}

function prepare() {
  const { status } = spawnSync(execPath, [`${root}.kit/prepare.mjs`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) exit(1);
}

/** Runs the tool on the other Node, which gets every signal that we get, and ends as it ended. */
function handOver() {
  const child = spawn(ownNode, [fileURLToPath(main), ...argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => child.kill(signal));
  }
  child.once('error', () => {
    process.stderr.write('kyoka: the Node of this repository could not be started\n');
    exit(1);
  });
  child.once('close', (code, signal) => {
    if (signal === null) exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const fits = isNewEnough(versions.node);
if (!existsSync(main) || (!fits && !existsSync(ownNode))) prepare();
if (fits) await import(main.href);
else handOver();
