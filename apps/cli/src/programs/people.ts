import type { FreezeRequest } from '@kyoka/contracts';
import type { Command } from 'commander';
import { freezeCommand } from '../control/commands.js';
import { eraseCommand } from '../people/erase.js';
import { explainCommand, type ExplainOptions } from '../people/explain.js';
import { liftCommand } from '../people/lift.js';
import { suspendCommand } from '../people/suspend.js';
import { subjectLines } from '../people/whom.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf, waitOption } from './options.js';

interface ScopeOptions {
  readonly to?: string;
  readonly purpose: string[];
  readonly channel: string[];
}

const SUBJECTS =
  'ids or SOURCE/REF; without any, a line each on standard input, contact values too';

const scoped = (command: Command): Command =>
  command
    .option('--purpose <purpose...>', 'only these purposes', ['*'])
    .option('--channel <channel...>', 'only these channels', ['*']);

/** Commands about people. A contact value is taken on standard input only. */
export function peoplePrograms({ surroundings, run }: ProgramPart): Command[] {
  const { write } = surroundings;
  return [
    onService('explain')
      .description('what is held of a subject, and every purpose x channel decided, with reasons')
      .argument('[subjects...]', SUBJECTS)
      .option('--at <time>', 'the decisions as they were then, with its offset')
      .option('--table', 'the decisions as a table, in place of the document')
      .action((words: string[], options: ExplainOptions & { to?: string }) =>
        run(
          explainCommand(
            serviceOf(surroundings, options),
            subjectLines(words, surroundings),
            options,
            write,
          ),
        ),
      ),
    scoped(onService('suspend'))
      .description('stop the use of a person’s data, for them; everything unless narrowed')
      .argument('[subjects...]', SUBJECTS)
      .option('--occurred-at <time>', 'when they asked, with its offset')
      .addOption(waitOption())
      .action((words: string[], options: ScopeOptions & { occurredAt?: string; wait: number }) =>
        run(
          suspendCommand(
            serviceOf(surroundings, options),
            subjectLines(words, surroundings),
            {
              purposes: options.purpose,
              channels: options.channel,
              occurredAt: options.occurredAt,
              waitMs: options.wait,
            },
            write,
          ),
        ),
      ),
    onService('erase')
      .description('erase a person: removals, then the data and the key under which it lies')
      .argument('[subjects...]', SUBJECTS)
      .option('--occurred-at <time>', 'when they asked, with its offset')
      .addOption(waitOption())
      .action((words: string[], options: { to?: string; occurredAt?: string; wait: number }) =>
        run(
          eraseCommand(
            serviceOf(surroundings, options),
            subjectLines(words, surroundings),
            { occurredAt: options.occurredAt, waitMs: options.wait },
            write,
          ),
        ),
      ),
    onService('lift')
      .description('end a freeze, by who set it; of a person’s own stop it tells what lifts it')
      .argument('[ids...]', `ids of freezes; or ${SUBJECTS}`)
      .requiredOption('--reason <text>')
      .action((words: string[], options: { to?: string; reason: string }) =>
        run(
          liftCommand(
            serviceOf(surroundings, options),
            subjectLines(words, surroundings),
            options.reason,
            write,
          ),
        ),
      ),
    scoped(onService('freeze'))
      .description('stop every release within a scope; everything unless narrowed')
      .option('--recipient <id...>', 'only to these recipients')
      .option('--source <source...>', 'only of people of these sources')
      .requiredOption('--reason <text>')
      .action((options: FreezeOptions) =>
        run(freezeCommand(serviceOf(surroundings, options), freezeRequest(options), write)),
      ),
  ];
}

interface FreezeOptions extends ScopeOptions {
  readonly recipient?: string[];
  readonly source?: string[];
  readonly reason: string;
}

const freezeRequest = ({ purpose, channel, recipient, source, reason }: FreezeOptions) => ({
  scope: { purposes: purpose, channels: channel as FreezeRequest['scope']['channels'] },
  ...(recipient && { recipients: recipient }),
  ...(source && { sources: source }),
  reason,
});
