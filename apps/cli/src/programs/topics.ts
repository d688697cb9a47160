import { readSettings } from '@kyoka/config';
import { applyTopics, createKafka } from '@kyoka/transport';
import { Command, Option } from 'commander';
import { ANSWERED, REFUSED, UsageError } from '../lines/surroundings.js';
import { wholeNumber } from './options.js';
import type { ProgramPart } from './part.js';

interface TopicsOptions {
  readonly replication?: number;
  readonly minInsync?: number;
  readonly check?: boolean;
}

/** `kyoka topics`: a line for each topic, with what was not as it should be. */
export function topicsProgram({ surroundings, run }: ProgramPart): Command {
  return new Command('topics')
    .description('creates the topics on KAFKA_BROKERS, sets what is set otherwise, and tells each')
    .addOption(
      new Option(
        '--replication <copies>',
        "copies of each record; default: the broker's",
      ).argParser(wholeNumber),
    )
    .addOption(
      new Option(
        '--min-insync <copies>',
        "copies that acknowledge a record; default: the broker's",
      ).argParser(wholeNumber),
    )
    .option('--check', 'change nothing, only tell')
    .action((options: TopicsOptions) => run(topics(options)));

  async function topics({ replication, minInsync, check = false }: TopicsOptions): Promise<number> {
    const { kafkaBrokers } = readSettings(surroundings.env, { role: 'cli' });
    if (kafkaBrokers === undefined) throw new UsageError('KAFKA_BROKERS must name the brokers');
    const kafka = createKafka({ brokers: kafkaBrokers, clientId: 'kyoka-topics' });
    const durability = {
      ...(replication !== undefined && { replication }),
      ...(minInsync !== undefined && { minInSync: minInsync }),
    };
    const reports = await applyTopics(kafka, { durability, onlyTell: check });
    for (const report of reports) surroundings.write(JSON.stringify(report));
    return reports.some(({ state }) => state === 'differs') ? REFUSED : ANSWERED;
  }
}
