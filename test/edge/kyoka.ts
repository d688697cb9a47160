import { runKyoka } from '../../apps/cli/src/run.js';
import type { Harness } from './harness.js';

export interface Ran {
  readonly code: number;
  /** The documents of standard output. */
  readonly out: Record<string, unknown>[];
  /** Everything written, on standard output and standard error. */
  readonly text: string;
}

/** Runs `kyoka` against the harness, as `user:sato` unless told otherwise, with lines as its input. */
export async function kyoka(
  harness: Harness,
  words: readonly string[],
  given: Parameters<typeof run>[2] = {},
): Promise<Ran> {
  const { code, out, told } = await run(harness, words, given);
  return {
    code,
    out: out.map((line) => JSON.parse(line) as Record<string, unknown>),
    text: [...out, ...told].join('\n'),
  };
}

/** The same for a command that writes text for people. */
export const kyokaText = async (harness: Harness, words: readonly string[]): Promise<string> =>
  (await run(harness, words, {})).out.join('\n');

async function run(
  { url, tokens, keyDir }: Harness,
  words: readonly string[],
  { input = [] as readonly string[], token = tokens.sato, env = {} as Record<string, string> } = {},
) {
  const out: string[] = [];
  const told: string[] = [];
  const code = await runKyoka(words, {
    env: { KYOKA_URL: url, KYOKA_TOKEN: token, KYOKA_KEY_DIR: keyDir, ...env },
    lines: async function* () {
      yield* input;
    },
    write: (line) => void out.push(line),
    tell: (line) => void told.push(line),
  });
  return { code, out, told };
}
