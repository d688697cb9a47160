import type { ReaderRequest, ReadersAnswer } from '@kyoka/contracts';
import { Command } from 'commander';
import type { Service } from '../control/service.js';
import { ANSWERED } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { onService, serviceOf } from './options.js';

interface AddOptions {
  readonly to?: string;
  readonly name: string;
  readonly topic: ReaderRequest['topic'];
  readonly source: string[];
  readonly until: string;
}

/** `kyoka reader add|list|end`. */
export function readerProgram({ surroundings, run }: ProgramPart): Command {
  const { write } = surroundings;
  const show = async (answer: Promise<unknown>): Promise<number> => {
    write(JSON.stringify(await answer));
    return ANSWERED;
  };
  const list = async (service: Service): Promise<number> => {
    const { readers } = await service.call<ReadersAnswer>('GET', '/v1/readers');
    for (const reader of readers) write(JSON.stringify(reader));
    return ANSWERED;
  };
  return new Command('reader')
    .description('who reads an output topic, and whose references its events carry')
    .addCommand(
      onService('add')
        .description('let the events of a topic carry the references of these sources')
        .requiredOption('--name <text>', 'who reads it')
        .requiredOption('--topic <topic>', 'such as kyoka.permissions.v1')
        .requiredOption('--source <source...>', 'sources whose references it needs')
        .requiredOption('--until <day>', 'its last day, YYYY-MM-DD in Japan, or P90D')
        .action(({ name, topic, source: sources, until, ...options }: AddOptions) => {
          const body: ReaderRequest = { name, topic, sources, until };
          return run(show(serviceOf(surroundings, options).call('POST', '/v1/readers', { body })));
        }),
    )
    .addCommand(
      onService('list')
        .description('every reader')
        .action((options: { to?: string }) => run(list(serviceOf(surroundings, options)))),
    )
    .addCommand(
      onService('end')
        .description('end a reader before its last day')
        .argument('<reader>', 'its id')
        .action((id: string, options: { to?: string }) => {
          const path = `/v1/readers/${encodeURIComponent(id)}/end`;
          return run(show(serviceOf(surroundings, options).call('POST', path)));
        }),
    );
}
