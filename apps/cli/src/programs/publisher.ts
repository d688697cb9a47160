import type { EventType } from '@kyoka/contracts';
import { formatInstant, tokyoDayBounds } from '@kyoka/kernel';
import { Command, InvalidArgumentError, Option } from 'commander';
import {
  addPublisher,
  listPublishers,
  revokePublisher,
  rotatePublisher,
} from '../publish/publishers.js';
import { UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf } from './options.js';

interface HandingOptions {
  readonly to?: string;
  readonly out: string;
  readonly show?: true;
}

interface AddOptions extends HandingOptions {
  readonly name: string;
  readonly source: string[];
  readonly type: EventType[];
  readonly until: string;
}

interface RotateOptions extends HandingOptions {
  readonly overlapUntil?: string;
  readonly atOnce?: true;
}

const handing = (command: Command): Command =>
  command
    .requiredOption('--out <file>', 'a new file for the key')
    .option('--show', 'show the key on the terminal too');

/** `kyoka publisher add|list|rotate|revoke`. */
export function publisherProgram({ surroundings, run }: ProgramPart): Command {
  const { write } = surroundings;
  return new Command('publisher')
    .description('who may publish which events, and their keys')
    .addCommand(
      handing(
        onService('add')
          .description('register a publisher, and write its key to a file')
          .requiredOption('--name <text>', 'who holds it')
          .requiredOption('--source <source...>', 'sources that its events may carry')
          .requiredOption('--type <type...>', 'event types that it may publish')
          .requiredOption('--until <day>', 'its last day, YYYY-MM-DD in Japan, or P90D'),
      ).action(({ to, out, show, name, source: sources, type: types, until }: AddOptions) =>
        run(
          addPublisher(
            serviceOf(surroundings, { ...(to !== undefined && { to }) }),
            { name, sources, types, until },
            { out, show },
            write,
          ),
        ),
      ),
    )
    .addCommand(
      onService('list')
        .description('every publisher with its keys, but for what is secret')
        .action((options: { to?: string }) =>
          run(listPublishers(serviceOf(surroundings, options), write)),
        ),
    )
    .addCommand(
      handing(
        onService('rotate')
          .description('make another key; the earlier ones end with the overlap')
          .argument('<publisher>', 'its id')
          .addOption(
            new Option(
              '--overlap-until <day>',
              'the last day of the earlier keys, YYYY-MM-DD in Japan',
            ).argParser(lastOfDay),
          )
          .option('--at-once', 'the earlier keys end now'),
      ).action((id: string, { overlapUntil, atOnce, out, show, ...options }: RotateOptions) => {
        if ((overlapUntil === undefined) !== (atOnce === true)) {
          throw new UsageError('either --overlap-until or --at-once says how long they last');
        }
        return run(
          rotatePublisher(
            serviceOf(surroundings, options),
            id,
            { ...(overlapUntil !== undefined && { overlapUntil }) },
            { out, show },
            write,
          ),
        );
      }),
    )
    .addCommand(
      onService('revoke')
        .description('end every key of a publisher at once')
        .argument('<publisher>', 'its id')
        .requiredOption('--reason <text>')
        .action((id: string, { reason, ...options }: { to?: string; reason: string }) =>
          run(revokePublisher(serviceOf(surroundings, options), id, reason, write)),
        ),
    );
}

function lastOfDay(day: string): string {
  const last = tokyoDayBounds(day)?.last;
  if (last === undefined) throw new InvalidArgumentError('a day is expected, YYYY-MM-DD.');
  return formatInstant(last);
}
