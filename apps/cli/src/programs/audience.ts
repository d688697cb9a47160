import { Command } from 'commander';
import { endCommand, runCommand, showRunCommand } from '../control/audiences.js';
import { postLinesCommand } from '../control/post-lines.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf, waitOption } from './options.js';

/** `kyoka audience define|run|show|end`. */
export function audienceProgram({ surroundings, run }: ProgramPart): Command {
  const { lines, write } = surroundings;
  return new Command('audience')
    .description('segments, materialised for one recipient')
    .addCommand(
      onService('define')
        .description('an audience a line on standard input, as POST /v1/audiences takes it')
        .action((options: { to?: string }) =>
          run(postLinesCommand(serviceOf(surroundings, options), '/v1/audiences', lines(), write)),
        ),
    )
    .addCommand(
      onService('run')
        .description('start a run and show its waterfall')
        .argument('<audience>')
        .option('--key <key>', 'idempotency key: the same key again is the same run')
        .addOption(waitOption())
        .action((audience: string, options: { to?: string; key?: string; wait: number }) =>
          run(
            runCommand(
              serviceOf(surroundings, options),
              audience,
              { key: options.key, waitMs: options.wait },
              write,
            ),
          ),
        ),
    )
    .addCommand(
      onService('show')
        .description('the waterfall of a run')
        .argument('<audience>')
        .argument('<run>')
        .action((audience: string, which: string, options: { to?: string }) =>
          run(showRunCommand(serviceOf(surroundings, options), { audience, run: which }, write)),
        ),
    )
    .addCommand(
      onService('end')
        .description('end it before its period: its members leave the network')
        .argument('<audience>')
        .action((audience: string, options: { to?: string }) =>
          run(endCommand(serviceOf(surroundings, options), audience, write)),
        ),
    );
}
