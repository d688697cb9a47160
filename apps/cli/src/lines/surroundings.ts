import type { Environment } from '@kyoka/config';

/** What a command has to work with. */
export interface Surroundings {
  readonly env: Environment;
  /** Standard input, line by line; nothing is read before somebody asks for it. */
  readonly lines: () => AsyncIterable<string>;
  /** One line on standard output. */
  readonly write: (line: string) => void;
  /** One line on standard error, for the person at the terminal. */
  readonly tell: (line: string) => void;
}

/** Exit codes: every line was answered, an input was refused, the command was used in a wrong way. */
export const ANSWERED = 0;
export const REFUSED = 1;
export const WRONG_USAGE = 2;

/** Ends a command with {@link WRONG_USAGE}. The message never quotes what was given. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
