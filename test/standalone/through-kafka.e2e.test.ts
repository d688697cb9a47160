import { sampleCompany, sampleContacts } from '@kyoka/sample';
import { describeWithKafka, eventually, type Broker } from '@kyoka/testing';
import { createKafka } from '@kyoka/transport';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTopics, type TopicRecord } from '../leaks/read-topics.js';
import { leakScanner } from '../leaks/leak-scan.js';
import { plantedOf } from '../leaks/planted.js';
import { installation, type Installation, type Running, SERVING } from './process.js';
import { atTheTimeOf, type PrintedSummary, summaryOf } from './summary.js';

const PEOPLE = 300;
const valueOf = ({ message }: TopicRecord): string => String(message.value ?? '');
const everythingOf = ({ message }: TopicRecord): string =>
  [message.key, message.value, ...Object.entries(message.headers ?? {}).flat()]
    .map(String)
    .join('\n');

const SAMPLE = { KYOKA_SAMPLE_PEOPLE: String(PEOPLE) };

await describeWithKafka('the main job through a broker', (kafka) => {
  let broker: Broker;
  let place: Installation;
  let inProcess: Installation;
  let running: Running;
  let records: readonly TopicRecord[];
  let without: PrintedSummary;
  const client = () => createKafka({ brokers: [broker.address], clientId: 'test' });

  beforeAll(async () => {
    const own = await kafka.ownBroker();
    if (own === undefined) throw new Error('a broker of its own cannot be had');
    broker = own;
    inProcess = await installation(SAMPLE);
    const other = inProcess.start();
    await other.says(SERVING);
    without = summaryOf(other.output());
    other.signal('SIGTERM');
    await other.ended;

    place = await installation({ ...SAMPLE, KAFKA_BROKERS: broker.address });
    running = place.start();
    await running.says(SERVING);
    records = await readTopics(client());
  });
  afterAll(async () => {
    await place?.remove();
    await inProcess?.remove();
    await broker?.kill('SIGKILL');
  });

  it('comes to what it comes to in one process', () => {
    const summary = summaryOf(running.output());
    expect(atTheTimeOf(without, summary, PEOPLE)).toEqual(without);
  });

  it('brought the events over the topics, and tells what happened on those for other services', () => {
    const count = (topic: string) => records.filter((record) => record.topic === topic).length;
    for (const topic of ['consents', 'suspensions', 'orders', 'feedback']) {
      expect(count(`kyoka.${topic}.v1`), topic).toBeGreaterThan(20);
    }
    const held = without.audiences.reduce((sum, { sent }) => sum + sent, 0);
    expect(count('kyoka.releases.v1')).toBe(held);
    expect(count('kyoka.permissions.v1')).toBeGreaterThan(PEOPLE);
    expect(count('kyoka.dead-letters.v1')).toBeGreaterThan(10);
    expect(count('kyoka.checkpoints.v1')).toBeGreaterThan(0);
    const steps = records
      .filter(({ topic }) => topic === 'kyoka.suspension-progress.v1')
      .map(
        (record) =>
          JSON.parse(valueOf(record)) as { step: string; removal?: { recipient: string } },
      );
    for (const recipient of ['google', 'meta']) {
      const told = steps.filter(({ removal }) => removal?.recipient === recipient);
      expect(told.map(({ step }) => step)).toEqual(
        expect.arrayContaining(['removal_requested', 'confirmed']),
      );
    }
    expect(steps.some(({ step }) => step === 'barrier')).toBe(true);
  });

  it('holds no contact of the sample in any topic, but one that a publisher left open', () => {
    const company = sampleCompany({ seed: 1, people: PEOPLE, now: Date.now() });
    const planted = plantedOf(sampleContacts(company));
    const scanner = leakScanner(planted);
    // The sample's own mistake, which intake parks as contact_not_sealed.
    const open = (record: TopicRecord) => /"kind":"\w+","value":/.test(valueOf(record));
    const mistakes = records.filter(open);
    expect(mistakes.every(({ topic }) => !topic.includes('permissions'))).toBe(true);
    expect(mistakes.length).toBeLessThanOrEqual(4);

    const sealed = records.filter((record) => !open(record)).map(everythingOf);
    expect(scanner.scanText(sealed.join('\n'), 'topics')).toEqual([]);
    const planting = [...sealed, `x ${planted[0]?.value} y`].join('\n');
    expect(scanner.scanText(planting, 'topics')).not.toEqual([]);
  });

  it('goes on where it was when the broker was away', async () => {
    await broker.kill('SIGKILL');
    await broker.restart();
    const token = /KYOKA_TOKEN=(\S+)/.exec(running.output())?.[1] ?? '';
    const answer = await fetch(`${place.url}/v1/suspensions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        subject: { source: 'store', ref: 'somebody-unknown' },
        scope: { purposes: ['*'], channels: ['*'] },
      }),
    });
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    await eventually(
      'the relay tells of it',
      async () => (await readTopics(client())).some((record) => valueOf(record).includes(id)),
      { withinMs: 60_000, everyMs: 1_000 },
    );
    running.signal('SIGTERM');
    const code = await running.ended;
    expect(running.output()).not.toMatch(/did not close in time|Kyoka stopped/);
    expect(code).toBe(0);
  });
});
