import { CommanderError } from 'commander';
import { isKyokaError } from '@kyoka/kernel';
import { type Surroundings, REFUSED, UsageError, WRONG_USAGE } from './lines/surroundings.js';
import { refusalOf } from './lines/answer-lines.js';
import { refuseContactValues } from './people/whom.js';
import { programOf } from './program.js';

/** The first words of commands about people. */
const ABOUT_PEOPLE = new Set(['erase', 'explain', 'freeze', 'lift', 'suspend']);

/**
 * Runs one command.
 *
 * @param words the arguments after the program's name
 * @returns the exit code: 0 every line was answered, 1 an input was refused, 2 wrong usage
 */
export async function runKyoka(
  words: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  try {
    refuseContactValues(ABOUT_PEOPLE.has(words[0] ?? '') ? words : words.slice(0, 1));
    const { program, exitCode } = programOf(surroundings);
    await program.parseAsync([...words], { from: 'user' });
    return exitCode();
  } catch (fault) {
    return told(fault, surroundings);
  }
}

function told(fault: unknown, { write, tell }: Surroundings): number {
  if (fault instanceof CommanderError) return fault.exitCode === 0 ? 0 : WRONG_USAGE;
  if (fault instanceof UsageError) {
    tell(`kyoka: ${fault.message}`);
    return WRONG_USAGE;
  }
  if (!isKyokaError(fault)) {
    tell('kyoka: an unexpected fault');
    return REFUSED;
  }
  write(JSON.stringify(refusalOf(fault)));
  tell(`kyoka: ${fault.message} (${fault.code})`);
  for (const { field, expected } of fault.faults) tell(`  ${field}: ${expected}`);
  return fault.code === 'config_invalid' ? WRONG_USAGE : REFUSED;
}
