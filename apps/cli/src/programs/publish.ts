import { readSettings } from '@kyoka/config';
import { createKafka, createKafkaProducer } from '@kyoka/transport';
import { Command } from 'commander';
import { type Surroundings, UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { publisherAddCommand } from '../publish/publisher-add.js';
import { readKeyFile } from '@kyoka/publisher';
import { publishOverHttp } from '../publish/over-http.js';
import { publishToBrokers } from '../publish/to-brokers.js';
import { onService, serviceOf } from './options.js';

/** `kyoka publish` and `kyoka publisher add`. */
export function publishPrograms({ surroundings, run }: ProgramPart): Command[] {
  const { env, lines, write } = surroundings;
  const publish = onService(
    'publish',
    '; or brokers, HOST:PORT,…, with the key of KYOKA_PUBLISHER_KEY_FILE',
  )
    .description('CloudEvents on standard input, one a line, and what became of each')
    .action(({ to }: { to?: string }) =>
      run(
        to === undefined || /^https?:/.test(to)
          ? publishOverHttp(
              serviceOf(surroundings, { ...(to !== undefined && { to }) }),
              lines(),
              write,
            )
          : toBrokers(surroundings, to),
      ),
    );
  const publisher = new Command('publisher').description('keys of those who publish events');
  publisher
    .command('add')
    .description('register a key in KYOKA_KEY_DIR, and write it to a file for the publisher')
    .requiredOption('--name <text>', 'who holds it')
    .requiredOption('--source <source...>', 'sources that its events may carry')
    .requiredOption('--type <type...>', 'event types that it may publish')
    .requiredOption('--until <day>', 'its last day, YYYY-MM-DD in Japan')
    .requiredOption('--out <file>', 'a new file for the key')
    .option('--show', 'show the key on the terminal too')
    .action((options: AddOptions) => {
      const { source: sources, type: types, ...rest } = options;
      const { keyDir, dataDir, kek } = readSettings(env, { role: 'cli' });
      return run(
        publisherAddCommand({
          ...rest,
          sources,
          types,
          keyDir,
          dataDir,
          kek,
          now: Date.now(),
          write,
        }),
      );
    });
  return [publish, publisher];
}

interface AddOptions {
  readonly name: string;
  readonly source: string[];
  readonly type: string[];
  readonly until: string;
  readonly out: string;
  readonly show?: true;
}

async function toBrokers({ env, lines, write }: Surroundings, brokers: string): Promise<number> {
  const settings = readSettings({ ...env, KAFKA_BROKERS: brokers }, { role: 'cli' });
  if (settings.publisherKey === undefined) {
    throw new UsageError('KYOKA_PUBLISHER_KEY_FILE must name the file of a publisher key');
  }
  const key = keyOf(settings.publisherKey);
  const kafka = createKafka({ brokers: settings.kafkaBrokers ?? [], clientId: 'kyoka-publish' });
  const producer = await createKafkaProducer(kafka);
  try {
    return await publishToBrokers(producer, key, lines(), write);
  } finally {
    await producer.close();
  }
}

function keyOf(text: string) {
  try {
    return readKeyFile(text);
  } catch {
    throw new UsageError('KYOKA_PUBLISHER_KEY_FILE is not a file that kyoka publisher add wrote');
  }
}
