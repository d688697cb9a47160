import { Command } from 'commander';
import { ANSWERED, type Surroundings } from './lines/surroundings.js';
import { audienceProgram } from './programs/audience.js';
import { backupPrograms } from './programs/backup.js';
import type { ProgramPart } from './programs/part.js';
import { checkPrograms } from './programs/checks.js';
import { controlPrograms } from './programs/control.js';
import { disclosureProgram } from './programs/disclosure.js';
import { peoplePrograms } from './programs/people.js';
import { policyProgram } from './programs/policy.js';
import { publishPrograms } from './programs/publish.js';
import { readerProgram } from './programs/reader.js';
import { signInProgram } from './programs/sign-in.js';
import { tokenProgram } from './programs/token.js';
import { topicsProgram } from './programs/topics.js';

/** Every command of `kyoka`, ready to parse its arguments. */
export function programOf(surroundings: Surroundings): {
  readonly program: Command;
  readonly exitCode: () => number;
} {
  let exitCode = ANSWERED;
  const part: ProgramPart = {
    surroundings,
    run: async (work) => {
      exitCode = await work;
    },
  };
  const program = new Command('kyoka').description(
    'The operator’s and the tester’s tool: one JSON document a line in and out.\nExit code 0: every line was answered; 1: an input was refused; 2: wrong usage.',
  );
  for (const command of [
    ...checkPrograms(part),
    policyProgram(part),
    ...publishPrograms(part),
    readerProgram(part),
    tokenProgram(part),
    signInProgram(part),
    ...peoplePrograms(part),
    disclosureProgram(part),
    ...controlPrograms(part),
    audienceProgram(part),
    ...backupPrograms(part),
    topicsProgram(part),
  ]) {
    program.addCommand(command);
  }
  for (const command of withSubcommands(program)) settle(command, surroundings);
  return { program, exitCode: () => exitCode };
}

const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];

/** Faults are thrown and not the end of the process; help goes to whoever asked for it. */
function settle(command: Command, { write, tell }: Surroundings): void {
  command
    .exitOverride()
    // npx takes a bare --help for itself, so the tool has a word for it.
    .helpCommand(command.parent === null)
    .showHelpAfterError('(add --help for what it takes)')
    .configureOutput({
      writeOut: (text) => write(text.trimEnd()),
      writeErr: (text) => tell(text.trimEnd()),
    });
}
