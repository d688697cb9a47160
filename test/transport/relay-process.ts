// An outbox relay as a process of its own, so that a test can kill it.
import { openPool } from '@kyoka/postgres';
import { createKafka, createKafkaProducer, OutboxRelay } from '@kyoka/transport';

const [, , broker, url] = process.argv as string[];

const pool = await openPool(url as string, {
  role: 'kyoka_permissions',
  max: 2,
  applicationName: 'relay-process',
});
const producer = await createKafkaProducer(
  createKafka({ brokers: [broker as string], clientId: 'relay-process' }),
);
const relay = new OutboxRelay({
  pool,
  schema: 'permissions',
  producer,
  batch: 20,
  idleMs: 5,
  onFault: () => undefined,
});
relay.start();
process.send?.('relaying');
