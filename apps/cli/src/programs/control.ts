import type { ReplayRequest } from '@kyoka/contracts';
import { Command } from 'commander';
import {
  dismissCommand,
  freezesCommand,
  parkedCommand,
  replayCommand,
} from '../control/commands.js';
import { postLinesCommand } from '../control/post-lines.js';
import { UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf, wholeNumber } from './options.js';
import { switchPrograms } from './switch.js';

interface ReplayOptions {
  readonly to?: string;
  readonly reason?: string;
  readonly publisher?: string;
  readonly limit?: number;
  readonly acceptUnauthenticated?: true;
}

/** Commands about the system itself. */
export function controlPrograms(part: ProgramPart): Command[] {
  const { surroundings, run } = part;
  const { lines, write } = surroundings;
  const recipient = new Command('recipient').description(
    'recipients, and which of them are switched on',
  );
  recipient.addCommand(
    onService('register')
      .description('a recipient a line on standard input, as POST /v1/recipients takes it')
      .action((options: { to?: string }) =>
        run(postLinesCommand(serviceOf(surroundings, options), '/v1/recipients', lines(), write)),
      ),
  );
  for (const command of switchPrograms('recipients', part)) recipient.addCommand(command);
  return [
    parkedProgram(part),
    onService('replay')
      .description('try parked events again, the oldest first, and what became of each')
      .argument('[ids...]', 'only these')
      .option('--reason <reason>', 'only those parked for this reason')
      .option('--publisher <id>', 'only those that name a key of this publisher')
      .option('--limit <number>', 'at most so many; all without it', wholeNumber)
      .option(
        '--accept-unauthenticated',
        'take in stops that nobody vouches for, as your own act; needs ids or a publisher',
      )
      .action((ids: string[], options: ReplayOptions) =>
        run(
          replayCommand(
            serviceOf(surroundings, options),
            replayRequest(ids, options),
            options.limit,
            write,
          ),
        ),
      ),
    onService('freezes')
      .description('the freezes that stand')
      .action((options: { to?: string }) =>
        run(freezesCommand(serviceOf(surroundings, options), write)),
      ),
    recipient,
  ];
}

/** `kyoka parked`, `kyoka parked dismiss`. */
function parkedProgram({ surroundings, run }: ProgramPart): Command {
  const { write } = surroundings;
  return onService('parked')
    .description('what intake parked: how many wait for which reason, and the oldest')
    .action((options: { to?: string }) =>
      run(parkedCommand(serviceOf(surroundings, options), write)),
    )
    .addCommand(
      onService('dismiss')
        .description('close parked events that need nothing more')
        .argument('<ids...>')
        .requiredOption('--reason <text>')
        .action((ids: string[], { reason, ...options }: { to?: string; reason: string }) =>
          run(dismissCommand(serviceOf(surroundings, options), ids, reason, write)),
        ),
    );
}

function replayRequest(
  ids: string[],
  { reason, publisher, acceptUnauthenticated }: ReplayOptions,
): ReplayRequest {
  if (acceptUnauthenticated && ids.length === 0 && publisher === undefined) {
    throw new UsageError(
      '--accept-unauthenticated needs the ids, or the publisher, that it is for',
    );
  }
  return {
    ...(ids.length > 0 && { ids }),
    ...(reason !== undefined && { reason: reason as ReplayRequest['reason'] }),
    ...(publisher !== undefined && { publisher }),
    ...(acceptUnauthenticated && { acceptUnauthenticated }),
  };
}
