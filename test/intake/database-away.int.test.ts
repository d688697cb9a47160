import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IntakeModule } from '@kyoka/edge';
import { createIntake, type IntakePorts } from '@kyoka/intake';
import type { KyokaError } from '@kyoka/kernel';
import { openPool, type Pool, queryable } from '@kyoka/postgres';
import { eventually, startProxy, type TcpProxy } from '@kyoka/testing';
import { InProcessStrategy, type OutboundRecord } from '@kyoka/transport';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inboxCounts } from './counts.js';
import { type Harness, openHarness } from './harness.js';
import { NOT_ASKED } from './not-asked.js';
import { known, registration } from './registrations.js';

let harness: Harness;
let proxy: TcpProxy;
/** To the same database, through the proxy. */
let pool: Pool;
let ports: IntakePorts;

beforeAll(async () => {
  harness = await openHarness();
  const url = new URL(harness.database.url);
  proxy = await startProxy({ host: url.hostname, port: Number(url.port) });
  url.host = `${proxy.host}:${proxy.port}`;
  pool = await openPool(url.href, {
    role: 'kyoka_permissions',
    max: 4,
    applicationName: 'faults-test',
  });
  ports = { ...harness.ports, pool };
});
afterEach(async () => {
  proxy.mend();
});
afterAll(async () => {
  await pool.destroy();
  await proxy.close();
  await harness.close();
});

@Module({})
class App {}

/** The real handlers of the input topics over the pool behind the proxy. */
async function openTopics(intake: IntakePorts) {
  const faults: KyokaError[] = [];
  const strategy = new InProcessStrategy({ onFatal: (fault) => faults.push(fault), chunk: 10 });
  const taken = createIntake(intake);
  const role = IntakeModule.with({
    intake: taken,
    ...NOT_ASKED,
    rights: { unsigned: new Set(), plaintext: new Set() },
    counted: () => undefined,
  });
  const app = await NestFactory.createMicroservice(
    { module: App, imports: [role] },
    { strategy, logger: false },
  );
  await app.listen();
  return { faults, producer: strategy.producer, close: () => app.close() };
}

async function recordsOf(refs: readonly string[]): Promise<OutboundRecord[]> {
  return Promise.all(
    refs.map(async (ref) => {
      const raw = registration(ref);
      const event = await harness.publisher.event({
        id: raw.attributes['id'] as string,
        type: raw.attributes['type'] as string,
        time: raw.attributes['time'] as string,
        data: JSON.parse(Buffer.from(raw.data).toString()),
      });
      return { key: event.key, value: Buffer.from(event.value), headers: event.headers };
    }),
  );
}

describe('a database that goes away and comes back', () => {
  const refs = (prefix: string) => Array.from({ length: 200 }, (_, n) => `${prefix}${n}`);

  it('holds events up and loses none', async () => {
    const topics = await openTopics(ports);
    const cutsBefore = proxy.cuts;
    const sending = topics.producer.send('kyoka.orders.v1', await recordsOf(refs('away')));
    await eventually('some are in', async () => (await known(harness, 'away')).length >= 20);
    proxy.cut();
    await sleep(300);
    expect((await known(harness, 'away')).length).toBeLessThan(200);
    proxy.mend();
    await sending;
    await topics.close();
    expect(proxy.cuts).toBeGreaterThan(cutsBefore);
    expect(await known(harness, 'away')).toHaveLength(200);
    expect(topics.faults).toEqual([]);
  });

  it('control: a reader that goes on after a fault loses what it had in hand', async () => {
    const intake = createIntake(ports);
    const events = refs('lossy').map(registration);
    const reading = (async () => {
      for (let from = 0; from < events.length; from += 10) {
        await intake.ingest(events.slice(from, from + 10)).catch(() => undefined);
        await sleep(10);
      }
    })();
    await eventually('some are in', async () => (await known(harness, 'lossy')).length >= 20);
    proxy.cut();
    await sleep(100);
    proxy.mend();
    await reading;
    expect((await known(harness, 'lossy')).length).toBeLessThan(200);
  });
});

describe('a connection that is cut after COMMIT was sent', () => {
  it('leaves the outcome open; the same event again is a duplicate, counted once', async () => {
    const intake = createIntake(ports);
    const before = (await inboxCounts(harness.db))['accepted'] ?? 0;
    let cuts = 0;
    for (let n = 0; n < 20; n += 1) {
      const event = registration(`commit${n}`);
      if (n % 2 === 0) proxy.cutAfterSending('COMMIT\0');
      try {
        await intake.ingest([event]);
      } catch (fault) {
        cuts += 1;
        expect(fault).toMatchObject({ code: 'database_unavailable' });
        const [again] = await intake.ingest([event]);
        expect(again?.outcome).toBe('duplicate');
      }
    }
    expect(cuts).toBe(10);
    expect((await inboxCounts(harness.db))['accepted']).toBe(before + 20);
    const [ledger] = await harness.db.query<{ n: number }>(
      `select count(*)::int as n from permissions.ledger l
       join permissions.subject s on s.id = l.subject_id where starts_with(s.ref, 'commit')`,
    );
    expect(ledger?.n).toBe(20);
  });

  it('control: rows without a key are doubled by the same cuts', async () => {
    const owner = await openPool(harness.database.url, { max: 1, applicationName: 'faults-owner' });
    await queryable(owner).query('create table public.keyless (n int)');
    await queryable(owner).query('grant all on public.keyless to kyoka_permissions');
    const db = queryable(pool);
    const insert = (n: number) =>
      db.query(`do $$ begin insert into public.keyless values (${n}); end $$ /* COMMIT */`);
    for (let n = 0; n < 10; n += 1) {
      proxy.cutAfterSending('/* COMMIT */');
      await insert(n).catch(() => insert(n));
    }
    await eventually('the first tries are in', async () => {
      const rows = await queryable(owner).query('select n from public.keyless');
      return rows.length === 20;
    });
    await owner.destroy();
  });
});
