import { readSettings } from '@kyoka/config';
import { createKafka, createKafkaProducer } from '@kyoka/transport';
import type { Command } from 'commander';
import { type Surroundings, UsageError } from '../lines/surroundings.js';
import type { ProgramPart } from './part.js';
import { readKeyFile } from '@kyoka/publisher';
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
  return [publish, publisherProgram({ surroundings, run })];
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
