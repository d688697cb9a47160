import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { startBroker, type Broker } from './kafka-broker.js';
import { startContainer } from './kafka-docker.js';
import { answers, kafkaJars } from './kafka-jars.js';
import { oncePerRun, runFolder } from './run-folder.js';

export interface TestKafka {
  /** Addresses of the broker that all tests of this run share. Name topics and groups with `uniqueName`. */
  readonly brokers: readonly string[];
  /**
   * A broker of the caller's own, to be killed and restarted; `undefined` without Java and Maven (an
   * error where `CI` is `true`). It takes about four seconds.
   */
  ownBroker(): Promise<Broker | undefined>;
}

const NEEDS = 'a broker at KAFKA_BROKERS, Java and Maven, or Docker';

/**
 * The real broker of this test run, started by the first caller: the one at `KAFKA_BROKERS`, else one
 * from jars, else one in a container; `undefined` where none can be had.
 *
 * @throws Error where none can be had and `CI` is `true`
 */
export async function kafkaForTests(): Promise<TestKafka | undefined> {
  const given = process.env['KAFKA_BROKERS'];
  const brokers =
    given === undefined || given === ''
      ? await oncePerRun('kafka', findBroker)
      : given.split(',').map((address) => address.trim());
  return brokers === null ? lacking(NEEDS) : { brokers, ownBroker };
}

/** `describe` with a real broker, or one test that is skipped and names what is missing. */
export async function describeWithKafka(
  name: string,
  tests: (kafka: TestKafka) => void,
): Promise<void> {
  const kafka = await kafkaForTests();
  describe(name, () => {
    if (kafka === undefined) it.skip(`Kafka tests need ${NEEDS}`, () => undefined);
    else tests(kafka);
  });
}

/** A name that no other test has, for topics, groups and keys. */
export function uniqueName(what: string): string {
  return `${what}-${randomBytes(6).toString('hex')}`;
}

async function findBroker(folder: string): Promise<string[] | null> {
  const jars = await kafkaJars();
  if (jars !== undefined) return [(await startBroker(jars, join(folder, 'kafka'))).address];
  if (!(await answers('docker', 'info'))) return null;
  // Docker answers, but may have no way to the image.
  const container = await startContainer().catch(() => undefined);
  return container === undefined ? null : [container.address];
}

/** As `TestKafka.ownBroker`, without the one that all tests share. */
export async function ownBroker(): Promise<Broker | undefined> {
  const jars = await kafkaJars();
  if (jars === undefined) return lacking('Java and Maven');
  return startBroker(jars, join(await runFolder(), uniqueName('kafka')));
}

function lacking(needs: string): undefined {
  if (process.env['CI'] === 'true') throw new Error(`tests with Kafka need ${needs}`);
  return undefined;
}
