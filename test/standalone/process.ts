import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, freePort, isAlive } from '@kyoka/testing';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = 'apps/standalone/dist/main.js';
/** Asked for by every start that ended well. */
export const SERVING = 'Ctrl-C stops.';

/** Folders and ports of one installation, which starts come back to. */
export interface Installation {
  readonly folder: string;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Starts it. */
  start(options?: {
    args?: readonly string[];
    env?: Readonly<Record<string, string | undefined>>;
  }): Running;
  /** Kills what still runs and removes everything. */
  remove(): Promise<void>;
}

export interface Running {
  readonly pid: number;
  /** What it printed on both of its outputs so far. */
  output(): string;
  /** Waits for a text in its output; fails when it ends before. */
  says(text: string, withinMs?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** An installation in a folder of its own, on ports of its own. The program must have been built. */
export async function installation(settings: Record<string, string> = {}): Promise<Installation> {
  if (!existsSync(join(ROOT, MAIN))) throw new Error(`${MAIN} is missing: npm run build`);
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-standalone-'));
  const port = await freePort();
  const below = (name: string) => join(folder, name);
  const env = {
    KYOKA_PORT: String(port),
    KYOKA_SANDBOX_PORT: String(await freePort()),
    KYOKA_DATA_DIR: below('data'),
    KYOKA_KEY_DIR: below('keys'),
    KYOKA_JOURNAL_DIR: below('journal'),
    KYOKA_SANDBOX_DIR: below('sandbox'),
    KYOKA_CHECKPOINT_DIRS: `${below('checkpoints')},${below('checkpoints-too')}`,
    ...settings,
  };
  const started: Running[] = [];
  return {
    folder,
    env,
    url: `http://127.0.0.1:${port}`,
    start({ args = [], env: more = {} } = {}) {
      const running = run(args, { ...env, ...more });
      started.push(running);
      return running;
    },
    async remove() {
      for (const running of started) running.signal('SIGKILL');
      await Promise.all(started.map(({ ended }) => ended));
      const postmaster = await databaseProcess(folder);
      if (postmaster !== undefined) {
        process.kill(postmaster, 'SIGQUIT');
        await eventually('the database ends', () => !isAlive(postmaster));
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Process of the database of an installation, `undefined` when it doesn't run. */
export async function databaseProcess(folder: string): Promise<number | undefined> {
  const file = join(folder, 'data', 'postgres', 'postmaster.pid');
  const pid = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
  return Number.isNaN(pid) || !isAlive(pid) ? undefined : pid;
}

function run(args: readonly string[], env: Readonly<Record<string, string | undefined>>): Running {
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(code ?? signal ?? 'SIGKILL');
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    ended,
    signal: (name) => void child.kill(name),
    async says(text, withinMs = 180_000) {
      const said = eventually(text, () => output.includes(text), { withinMs, everyMs: 20 });
      const how = await Promise.race([said, ended.then((code) => ({ code }))]);
      if (typeof how === 'object' && !output.includes(text)) {
        throw new Error(`it ended with ${how.code} and without "${text}":\n${output}`);
      }
    },
  };
}
