// A consumer as a process of its own: writes what it gets into a table, so that a test can kill it.
import { setTimeout as sleep } from 'node:timers/promises';
import { inTransaction, openPool } from '@kyoka/postgres';
import {
  createKafka,
  KafkaBatchStrategy,
  type BatchResult,
  type InboundRecord,
} from '@kyoka/transport';

const [, , broker, topic, groupId, url] = process.argv as string[];

const pool = await openPool(url as string, { max: 2, applicationName: 'consumer-process' });
const strategy = new KafkaBatchStrategy({
  kafka: createKafka({ brokers: [broker as string], clientId: 'consumer-process' }),
  groupId: groupId as string,
  chunk: 100,
  sessionTimeoutMs: 2_000,
  maxWaitMs: 100,
  onFatal: () => process.exit(70),
});
strategy.addHandler(
  topic,
  async (records: readonly InboundRecord[]): Promise<BatchResult> => {
    await inTransaction(pool, async (tx) => {
      await tx.query('INSERT INTO seen SELECT * FROM unnest($1::int[], $2::bigint[])', [
        records.map(({ partition }) => partition),
        records.map(({ offset }) => offset),
      ]);
      // Long enough for a signal to arrive in the middle.
      await sleep(40);
    });
    return { done: true };
  },
  true,
);
process.on('SIGTERM', () => {
  void strategy
    .close()
    .then(() => pool.destroy())
    .then(() => process.exit(0));
});
await strategy.listen((fault) => process.send?.(fault === undefined ? 'listening' : 'failed'));
