import { registerPublisher } from '@kyoka/intake';
import { inTransaction, openPool, type Pool, queryable } from '@kyoka/postgres';
import { createPublisher, type Publisher } from '@kyoka/publisher';
import { kafkaForTests } from '@kyoka/testing';
import { createKafka, createKafkaProducer, type Producer } from '@kyoka/transport';
import { openVault } from '@kyoka/vault';
import { type Installation, installation } from '../services/installation.js';
import { switchOn } from '../services/main-job.js';
import type { Ended } from '../services/role-process.js';

/** The product on a PostgreSQL and a broker of its own, its policy and recipients switched on. */
export interface System {
  readonly place: Installation;
  /** As the owner of the database. */
  readonly owner: Pool;
  /** May send the types of events that it was opened with. */
  readonly publisher: Publisher;
  readonly producer: Producer;
  /** Bearer token of somebody who may do everything. */
  readonly token: string;
  /** A copy of the database as it stands. */
  copy(name: string): Promise<Pool>;
  close(): Promise<void>;
}

const TOKEN = /kyoka_[\w-]+/;
const YEAR_MS = 365 * 86_400_000;
const POOL = { max: 4, applicationName: 'bench', statementTimeoutMs: 0 };

export async function openSystem(types: readonly string[]): Promise<System> {
  const broker = await (await kafkaForTests())?.ownBroker();
  if (broker === undefined) throw new Error('a broker of its own needs Java and Maven');
  const place = await installation(broker, { direct: true });
  const token = async (whose: string) => {
    const { output } = succeeded(await place.run('migrate', ['--token-for', whose]));
    return TOKEN.exec(output)?.[0] ?? '';
  };
  const [one, two] = [await token('user:one'), await token('user:two')];
  succeeded(await place.run('cli', ['topics']));
  const sandbox = await place.sandbox();
  const audiences = await place.role('audiences', 'first');
  await sandbox.start();
  await audiences.start();
  await switchOn(audiences.url, one, two);
  await audiences.stop();
  await sandbox.stop();

  const vault = await openVault({ keyDir: place.keyDir });
  const owner = await openPool(place.databaseUrl, POOL);
  const grant = { name: 'bench', sources: ['store'], types, validUntil: Date.now() + YEAR_MS };
  const { key } = await inTransaction(owner, (tx) =>
    registerPublisher(tx, vault, grant, { by: 'user:one', clock: Date.now }),
  );
  const producer = await createKafkaProducer(
    createKafka({ brokers: [broker.address], clientId: 'bench' }),
  );
  const copies: Pool[] = [];
  return {
    place,
    owner,
    publisher: createPublisher({ kid: key.kid, key: key.key, source: 'store' }),
    producer,
    token: one,
    async copy(name) {
      await copyDatabase(place.databaseUrl, name);
      const pool = await openPool(databaseAt(place.databaseUrl, name), POOL);
      copies.push(pool);
      return pool;
    },
    async close() {
      await producer.close();
      await Promise.all([owner, ...copies].map((pool) => pool.destroy()));
      await place.remove();
      await broker.kill('SIGKILL');
    },
  };
}

async function copyDatabase(url: string, name: string): Promise<void> {
  const aside = await openPool(databaseAt(url, 'template1'), { ...POOL, max: 1 });
  const source = new URL(url).pathname.slice(1);
  // A template may have nobody connected; whoever was opens another connection when it needs one.
  await queryable(aside).query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1',
    [source],
  );
  await queryable(aside).query(`create database ${name} template ${source}`);
  await aside.destroy();
}

function databaseAt(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

function succeeded(ended: Ended): Ended {
  if (ended.code !== 0) throw new Error(`ended with ${ended.code}:\n${ended.output}`);
  return ended;
}
