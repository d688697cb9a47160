import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually, freePort } from '@kyoka/testing';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export type Environment = Readonly<Record<string, string>>;

/** A role as a process of its own, which may be killed and started again on the same port. */
export interface RoleProcess {
  readonly url: string;
  readonly output: () => string;
  /** Starts it, with other settings besides, and waits until it says that it is ready. */
  start(besides?: Environment): Promise<void>;
  /** Ends it as a lost machine would. */
  kill(): Promise<void>;
  /** SIGSTOP and SIGCONT pause it and let it go on. */
  signal(name: NodeJS.Signals): void;
  /** Asks it to end. @returns the exit code, or the signal that ended it */
  stop(): Promise<number | string>;
  /** Waits until it ends by itself. @returns as `stop` */
  ended(): Promise<number | string>;
}

export interface Ended {
  readonly code: number | string;
  readonly output: string;
}

/** Runs a program of ours to its end. */
export async function runApp(
  app: string,
  args: readonly string[],
  env: Environment,
): Promise<Ended> {
  const { ended, output } = launch(app, args, env);
  return { code: await ended, output: output() };
}

/** @param given its port; any free one by default */
export async function roleProcess(
  app: string,
  env: Environment,
  { port: given }: { readonly port?: number } = {},
): Promise<RoleProcess> {
  const port = given ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  let running: ReturnType<typeof launch> | undefined;
  const ready = async () => (await fetch(`${url}/health/ready`)).ok;
  return {
    url,
    output: () => running?.output() ?? '',
    async start(besides = {}) {
      const started = launch(app, [], { ...env, ...besides, KYOKA_PORT: String(port) });
      running = started;
      const early = started.ended.then((code) => {
        throw new Error(`${app} ended with ${code}:\n${started.output()}`);
      });
      await Promise.race([
        early,
        eventually(`${app} is ready`, ready, { withinMs: 60_000, everyMs: 100 }),
      ]);
      early.catch(() => undefined);
    },
    async kill() {
      running?.signal('SIGKILL');
      await running?.ended;
    },
    signal: (name) => running?.signal(name),
    async stop() {
      running?.signal('SIGTERM');
      return (await running?.ended) ?? 'never started';
    },
    ended: async () => (await running?.ended) ?? 'never started',
  };
}

function launch(app: string, args: readonly string[], env: Environment) {
  const main = `apps/${app}/dist/main.js`;
  const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
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
      resolve(code ?? signal ?? 'unknown');
    });
  });
  return { ended, output: () => output, signal: (name: NodeJS.Signals) => void child.kill(name) };
}
