import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaJars } from './kafka-jars.js';

const FORMAT = {
  'print.timestamp': 'true',
  'print.partition': 'true',
  'print.offset': 'true',
  'print.headers': 'true',
  'print.key': 'true',
  'key.separator': '\t',
  'headers.separator': ',',
  'null.literal': 'NULL',
};

/** Far more than the largest topic of a test. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * What Kafka's own consumer of the command line, which runs on Java, reads of a topic from its beginning:
 * a line a record, with its time, partition, offset, headers, key and value, separated by tabs.
 *
 * @param count records; with fewer there it gives up after half a minute
 * @throws Error without the jars that a broker of one's own runs from
 */
export async function consoleConsumer(
  address: string,
  { topic, count }: { readonly topic: string; readonly count: number },
): Promise<string[]> {
  const jars = await kafkaJars();
  if (jars === undefined) throw new Error('the console consumer needs Java and Maven');
  const { stdout } = await promisify(execFile)(
    'java',
    [
      ...['-XX:TieredStopAtLevel=1', '-Xmx256m', '-cp', join(jars, '*')],
      'org.apache.kafka.tools.consumer.ConsoleConsumer',
      ...['--bootstrap-server', address, '--topic', topic, '--from-beginning'],
      ...['--max-messages', String(count), '--timeout-ms', '30000'],
      ...Object.entries(FORMAT).flatMap(([name, value]) => [
        '--formatter-property',
        `${name}=${value}`,
      ]),
    ],
    { maxBuffer: MOST_BYTES },
  );
  return stdout.split('\n').filter((line) => line !== '');
}
