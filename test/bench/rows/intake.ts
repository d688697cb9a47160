import { crc32 } from 'node:zlib';
import { type Pool, queryable } from '@kyoka/postgres';
import { eventually } from '@kyoka/testing';
import type { OutboundRecord } from '@kyoka/transport';
import type { RoleProcess } from '../../services/role-process.js';
import { alternate, type Measured } from '../alternate.js';
import { type Batch, statementsOf, writeBare } from '../bare-writer.js';
import type { System } from '../system.js';
import { tableShapes, writtenSince } from '../written-rows.js';

const TOPIC = 'kyoka.consents.v1';
export const CONSENT = 'jp.kyoka.consent.granted.v1';
const CONNECTIONS = [1, 2, 4];

/** The lock by which one relay of the outbox works at a time: whoever holds it keeps the rows there. */
const RELAY_LOCK = (0x6b79_6f6bn << 32n) | BigInt(crc32('permissions'));

export interface IntakeSize {
  /** Events of one turn, each of another person. */
  readonly events: number;
  readonly turns: number;
}

/**
 * Consents from Kafka to committed state; the limit is the same rows written bare by the best of 1, 2
 * and 4 connections.
 *
 * @param first the number of the first person of a turn
 */
export async function measureIntake(
  system: System,
  name: string,
  { events, turns }: IntakeSize,
  first: (turn: number) => number,
  progress: (text: string) => void,
): Promise<Measured> {
  const copies: Pool[] = [];
  for (const connections of CONNECTIONS) copies.push(await system.copy(`${name}_${connections}`));
  const [before] = copies as [Pool];
  const tables = await tableShapes(before);
  const intake = await system.place.role('intake', name);
  await intake.start();
  const relay = await holdRelay(system);
  const take = async (turn: number): Promise<{ rate: number; batches: Batch[] }> => {
    const records = await consents(system, `${name}-${turn}`, first(turn), events);
    const since = await nextTransaction(system);
    const rate = await eventsTaken(system, intake, records);
    return {
      rate,
      batches: (await writtenSince(system.owner, before, since, tables)).map(statementsOf),
    };
  };
  let batches: Batch[] = [];
  const bare = async (index: number) => {
    const rate = await writeBare(copies[index] as Pool, batches, CONNECTIONS[index] as number);
    return (rate * events) / batches.length;
  };
  ({ batches } = await take(-1));
  for (const index of CONNECTIONS.keys()) await bare(index);
  const measured = await alternate({
    turns,
    higherIsBetter: true,
    async product(turn) {
      const taken = await take(turn);
      ({ batches } = taken);
      progress(
        `${name} ${turn + 1}/${turns}: ${Math.round(taken.rate)} events/s in ${batches.length} batches`,
      );
      return taken.rate;
    },
    limits: CONNECTIONS.map((_, index) => () => bare(index)),
  });
  await relay.release();
  await intake.stop();
  return measured;
}

async function consents(
  { publisher }: System,
  name: string,
  from: number,
  count: number,
): Promise<OutboundRecord[]> {
  const moment = new Date(Date.now() - 60_000).toISOString();
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const number = from + index;
      const { key, value, headers } = await publisher.event({
        id: `${name}-${number}`,
        type: CONSENT,
        time: moment,
        data: {
          subject: { source: 'store', ref: `bench-${number}` },
          category: 'member',
          contacts: [
            { kind: 'email', value: `bench.${number}@example.jp` },
            { kind: 'phone', value: `0${9_000_000_000 + (number % 100_000_000)}` },
          ],
          purpose: 'info_product',
          channels: ['email', 'sms'],
          occurredAt: moment,
          policyVersion: 'almado@1',
          evidence: {
            id: `${name}-${number}`,
            form: 'checkout-optin',
            wordingVersion: '3',
            method: 'checkbox',
            actor: 'subject',
            noticeShownAt: moment,
          },
        },
      });
      return { key, value: Buffer.from(value), headers };
    }),
  );
}

/** @returns events a second, from the moment the service may read them until the last is committed */
async function eventsTaken(
  system: System,
  intake: RoleProcess,
  records: readonly OutboundRecord[],
): Promise<number> {
  const before = await ledgerEntries(system);
  intake.signal('SIGSTOP');
  await system.producer.send(TOPIC, records);
  intake.signal('SIGCONT');
  const begun = performance.now();
  await eventually(
    'every event is in the ledger',
    async () => (await ledgerEntries(system)) - before >= records.length,
    { withinMs: 300_000, everyMs: 10 },
  );
  return (records.length / (performance.now() - begun)) * 1000;
}

async function ledgerEntries({ owner }: System): Promise<number> {
  const [row] = await queryable(owner).query<{ entries: string }>(
    `select coalesce(sum(entries), 0)::text as entries from permissions.block where chain = 'ledger'`,
  );
  return Number(row?.entries);
}

async function nextTransaction({ owner }: System): Promise<bigint> {
  const [row] = await queryable(owner).query<{ tx: string }>(
    'select pg_current_xact_id()::text as tx',
  );
  return BigInt(row?.tx ?? 0);
}

async function holdRelay({ owner }: System): Promise<{ release(): Promise<void> }> {
  const runner = owner.createQueryRunner();
  await runner.query('select pg_advisory_lock($1::bigint)', [RELAY_LOCK.toString()]);
  return {
    async release() {
      await runner.query('select pg_advisory_unlock($1::bigint)', [RELAY_LOCK.toString()]);
      await runner.release();
    },
  };
}
