import { execFile, spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { DigestFilter } from '../search/filter.js';
import type { Hit, KeyedHit } from './hits.js';
import type { Job } from './jobs.js';
import { guessInWorkers, keyedInWorkers } from './workers.js';

/** What hashes the candidates. */
export interface Kernel {
  /** For a person to read: what it runs on. */
  readonly name: string;
  /** SHA-256 of every candidate. */
  guess(
    jobs: readonly Job[],
    filters: readonly DigestFilter[],
    onDone: (done: number) => void,
  ): Promise<Hit[]>;
  /** HMAC-SHA256 of every message under every key of 32 bytes. */
  keyed(
    keys: readonly Buffer[],
    messages: readonly string[],
    filters: readonly DigestFilter[],
    onDone: (done: number) => void,
  ): Promise<KeyedHit[]>;
}

const SOURCE = fileURLToPath(new URL('./kernel.c', import.meta.url));

/**
 * The compiled kernel where there is a C compiler, else one in worker threads.
 *
 * @param folder for the program and what it is given
 */
export async function openKernel(
  folder: string,
  { compiler = 'cc' }: { readonly compiler?: string } = {},
): Promise<Kernel> {
  const program = join(folder, 'kernel');
  const threads = availableParallelism();
  const built = await promisify(execFile)(compiler, [
    '-O3',
    '-pthread',
    '-o',
    program,
    SOURCE,
  ]).then(
    () => true,
    () => false,
  );
  return built
    ? compiled(program, folder, threads)
    : {
        name: `worker threads (${threads}), no C compiler`,
        guess: (jobs, filters, onDone) => guessInWorkers(jobs, filters, threads, onDone),
        keyed: (keys, messages, filters, onDone) =>
          keyedInWorkers(keys, messages, filters, threads, onDone),
      };
}

function compiled(program: string, folder: string, threads: number): Kernel {
  const written = (filters: readonly DigestFilter[]): string[] =>
    filters.map((filter, number) => {
      const file = join(folder, `filter-${number}`);
      filter.write(file);
      return file;
    });
  return {
    name: `compiled kernel on ${threads} cores`,
    async guess(jobs, filters, onDone) {
      const input = jobs.map(({ before, first, last, width, after }) =>
        [before, first, last, width, after].join('\t'),
      );
      const lines = await run(
        program,
        ['guess', String(threads), ...written(filters)],
        input,
        onDone,
      );
      return lines.map((line) => {
        const [filter = '', text = ''] = line.split('\t');
        return { filter: Number(filter), text };
      });
    },
    async keyed(keys, messages, filters, onDone) {
      const file = join(folder, 'values');
      await writeFile(file, Buffer.concat(keys), { mode: 0o600 });
      const args = ['keyed', String(threads), file, ...written(filters)];
      return (await run(program, args, messages, onDone)).map((line) => {
        const [filter, key, message] = line.split('\t').map(Number) as [number, number, number];
        return { filter, key: keys[key] as Buffer, text: messages[message] as string };
      });
    },
  };
}

function run(
  program: string,
  args: readonly string[],
  input: readonly string[],
  onDone: (done: number) => void,
): Promise<string[]> {
  const child = spawn(program, args, { stdio: 'pipe' });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    onDone(Number(text.trimEnd().split('\n').at(-1)));
  });
  child.stdin.end(input.map((line) => `${line}\n`).join(''));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString().split('\n').filter(Boolean));
      else reject(new Error(`the kernel ended with ${code}`));
    });
  });
}
