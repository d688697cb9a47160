import { readSettings } from '@kyoka/config';
import { tokyoDay } from '@kyoka/kernel';
import { createKafka, createKafkaProducer } from '@kyoka/transport';
import type { Command } from 'commander';
import { type Surroundings, UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { readKeyFile } from '@kyoka/publisher';
import type { ReadLine } from '../publish/event-lines.js';
import { optOutLine } from '../publish/opt-outs.js';
import { publishOverHttp } from '../publish/over-http.js';
import { publishToBrokers } from '../publish/to-brokers.js';
import { onService, serviceOf } from './options.js';
import { publisherProgram } from './publisher.js';

/** `kyoka publish` and `kyoka publisher`. */
export function publishPrograms({ surroundings, run }: ProgramPart): Command[] {
  const { lines, write } = surroundings;
  const publish = onService(
    'publish',
    '; or brokers, HOST:PORT,…, with the key of KYOKA_PUBLISHER_KEY_FILE',
  )
    .description('CloudEvents on standard input, one a line, and what became of each')
    .option(
      '--opt-outs <list>',
      'lines are addresses of a list of this name, ADDRESS or ADDRESS,YYYY-MM-DD, that are withdrawn',
    )
    .option('--as-of <day>', 'of opt-outs: the day on which the list was true; today without it')
    .option('--source <source>', 'of opt-outs: the source of the events', 'import')
    .option('--purpose <purpose>', 'of opt-outs: only this purpose', '*')
    .option('--channel <channel...>', 'of opt-outs: these channels; else that of the address')
    .action((options: PublishOptions) => {
      const { to } = options;
      const read = options.optOuts === undefined ? undefined : readOptOuts(options, surroundings);
      return run(
        to === undefined || /^https?:/.test(to)
          ? publishOverHttp(
              serviceOf(surroundings, { ...(to !== undefined && { to }) }),
              lines(),
              write,
              read,
            )
          : toBrokers(surroundings, to, read),
      );
    });
  return [publish, publisherProgram({ surroundings, run })];
}

interface PublishOptions {
  readonly to?: string;
  readonly optOuts?: string;
  readonly asOf?: string;
  readonly source: string;
  readonly purpose: string;
  readonly channel?: string[];
}

/** The ids of the events follow from a secret that whoever imports again has again. */
function readOptOuts(
  { optOuts: list = '', asOf, source, purpose, channel: channels }: PublishOptions,
  { env }: Surroundings,
): ReadLine {
  if (!/^[A-Za-z0-9_.-]{1,60}$/.test(list)) {
    throw new UsageError('--opt-outs names the list: letters, digits, dots and dashes');
  }
  const { publisherKey, token } = readSettings(env, { role: 'cli' });
  return optOutLine({
    list,
    source,
    asOf: asOf ?? tokyoDay(Date.now()),
    purpose,
    channels,
    secret: publisherKey ?? token ?? '',
  });
}

async function toBrokers(
  { env, lines, write }: Surroundings,
  brokers: string,
  read: ReadLine | undefined,
): Promise<number> {
  const settings = readSettings({ ...env, KAFKA_BROKERS: brokers }, { role: 'cli' });
  if (settings.publisherKey === undefined) {
    throw new UsageError('KYOKA_PUBLISHER_KEY_FILE must name the file of a publisher key');
  }
  const key = keyOf(settings.publisherKey);
  const kafka = createKafka({ brokers: settings.kafkaBrokers ?? [], clientId: 'kyoka-publish' });
  const producer = await createKafkaProducer(kafka);
  try {
    return await publishToBrokers(producer, key, lines(), write, read);
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
