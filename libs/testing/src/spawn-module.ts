import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endWithRun } from './run-folder.js';

export interface ModuleProcess {
  readonly pid: number;
  /** Sends a signal; SIGSTOP and SIGCONT pause it and let it go on. */
  signal(name: NodeJS.Signals): void;
  /** The next message that it sends with `process.send`. */
  message<T>(): Promise<T>;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** Runs a TypeScript module of the workspace in a process of its own, to be killed by a test. */
export async function spawnModule(
  module: URL,
  { args = [], env = {} }: { args?: readonly string[]; env?: Record<string, string> } = {},
): Promise<ModuleProcess> {
  const hooks = import.meta.url.endsWith('.ts') ? './typescript-hooks.ts' : './typescript-hooks.js';
  const child: ChildProcess = fork(fileURLToPath(module), [...args], {
    env: { ...process.env, ...env },
    execArgv: ['--conditions=@kyoka/source', `--import=${new URL(hooks, import.meta.url).href}`],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const pid = child.pid as number;
  const ended = once(child, 'exit').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as NodeJS.Signals | null,
  }));
  await endWithRun(pid, 'SIGKILL');
  return {
    pid,
    signal: (name) => process.kill(pid, name),
    message: async <T>() => {
      const next = once(child, 'message') as Promise<[T]>;
      const outcome = await Promise.race([next, ended]);
      if (!Array.isArray(outcome)) throw new Error('the process ended before it said anything');
      return outcome[0];
    },
    ended,
  };
}
