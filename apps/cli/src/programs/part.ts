import type { Surroundings } from '../lines/surroundings.js';

/** What the commands of one subject are made with. */
export interface ProgramPart {
  readonly surroundings: Surroundings;
  /** Runs a command's work and keeps its exit code. */
  readonly run: (work: Promise<number> | number) => Promise<void>;
}
