import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createKafka, createKafkaProducer } from '@kyoka/transport';
import { kafkaSettings } from './kafka-settings.js';
import { eventually, freePort, isAlive } from './processes.js';
import { endWithRun } from './run-folder.js';

const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xms64m', '-Xmx256m'];

export interface Broker {
  readonly address: string;
  /** Holds its settings and all its data. */
  readonly folder: string;
  /** Of the process that runs now: after a restart another one. */
  readonly pid: number;
  /** Ends the process with this signal and waits until it is gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same port with the data it left. */
  restart(): Promise<void>;
}

/** A broker from jars with its data below `folder`, ended by the reaper of the test run. */
export async function startBroker(jars: string, folder: string): Promise<Broker> {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const properties = join(folder, 'server.properties');
  await mkdir(folder, { recursive: true });
  const settings = kafkaSettings({
    bind: '127.0.0.1',
    port,
    controllerPort,
    logDir: join(folder, 'data'),
  });
  const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
  await writeFile(properties, lines.join(''));
  const classpath = join(jars, '*');
  const id = randomBytes(16);
  // An id that begins with a hyphen would be taken for an option.
  id[0] = 0;
  const format = [
    'kafka.tools.StorageTool',
    'format',
    '-t',
    id.toString('base64url'),
    '-c',
    properties,
  ];
  await promisify(execFile)('java', ['-cp', classpath, ...format]);

  async function start(): Promise<number> {
    const child = spawn('java', [...JVM, '-cp', classpath, 'kafka.Kafka', properties], {
      detached: true,
      stdio: 'ignore',
    });
    child.unref();
    const started = child.pid as number;
    await endWithRun(started, 'SIGTERM');
    await brokerAnswers(address, () => isAlive(started));
    return started;
  }

  let pid = await start();
  return {
    address,
    folder,
    get pid() {
      return pid;
    },
    async kill(signal) {
      process.kill(pid, signal);
      await eventually('the broker has ended', () => !isAlive(pid));
    },
    async restart() {
      pid = await start();
    },
  };
}

/**
 * Waits until a broker takes a record. An open port comes long before.
 *
 * @throws Error when that takes over a minute, or `alive` says no
 */
export async function brokerAnswers(address: string, alive: () => boolean): Promise<void> {
  const kafka = createKafka({ brokers: [address], clientId: 'kyoka-tests' });
  const ready = async () => {
    if (!alive()) return 'ended';
    const admin = kafka.admin({ retry: { retries: 0 } });
    try {
      await admin.connect();
      await admin.createTopics({ topics: [{ topic: 'ready' }] });
    } finally {
      await admin.disconnect();
    }
    const producer = await createKafkaProducer(kafka);
    try {
      await producer.send('ready', [{ key: null, value: '', headers: {} }]);
    } finally {
      await producer.close();
    }
    return 'ready';
  };
  const outcome = await eventually('the broker takes a record', ready, {
    withinMs: 60_000,
    everyMs: 200,
  });
  if (outcome === 'ended') throw new Error('the broker ended while it started');
}
