import type { ReplayRequest } from '@kyoka/contracts';
import { Command } from 'commander';
import { freezesCommand, parkedCommand, replayCommand } from '../control/commands.js';
import { postLinesCommand } from '../control/post-lines.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf, wholeNumber } from './options.js';
import { switchPrograms } from './switch.js';

interface ReplayOptions {
  readonly to?: string;
  readonly reason?: string;
  readonly limit?: number;
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
    onService('parked')
      .description('what intake parked: how many wait for which reason, and the oldest')
      .action((options: { to?: string }) =>
        run(parkedCommand(serviceOf(surroundings, options), write)),
      ),
    onService('replay')
      .description('try parked events again, the oldest first, and what became of each')
      .argument('[ids...]', 'only these')
      .option('--reason <reason>', 'only those parked for this reason')
      .option('--limit <number>', 'at most so many', wholeNumber)
      .action((ids: string[], options: ReplayOptions) =>
        run(replayCommand(serviceOf(surroundings, options), replayRequest(ids, options), write)),
      ),
    onService('freezes')
      .description('the freezes that stand')
      .action((options: { to?: string }) =>
        run(freezesCommand(serviceOf(surroundings, options), write)),
      ),
    recipient,
  ];
}

const replayRequest = (ids: string[], { reason, limit }: ReplayOptions) =>
  ({
    ...(ids.length > 0 && { ids }),
    ...(reason !== undefined && { reason: reason as ReplayRequest['reason'] }),
    ...(limit !== undefined && { limit }),
  }) satisfies ReplayRequest;
