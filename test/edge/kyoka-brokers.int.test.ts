import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createKafka, ensureTopics, KafkaBatchStrategy } from '@kyoka/transport';
import { describeWithKafka, eventually } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka } from './kyoka.js';
import { idOf, member } from './people.js';

await describeWithKafka('kyoka publish to brokers', (kafka) => {
  let harness: Harness;
  let broker: Awaited<ReturnType<typeof kafka.ownBroker>>;
  let keyFile: string;

  beforeAll(async () => {
    broker = await kafka.ownBroker();
    const client = createKafka({ brokers: [broker?.address ?? ''], clientId: 'test' });
    await ensureTopics(client);
    harness = await openHarness(
      new KafkaBatchStrategy({ kafka: client, groupId: 'test', onFatal: () => undefined }),
    );
    await harness.switchOn(`/v1/policies/${POLICY}/switch`);
    keyFile = join(harness.keyDir, '..', 'key.json');
    const types = member('x', []).map(({ type }) => type);
    await kyoka(harness, [
      ...['publisher', 'add', '--name', 'shop', '--source', 'store', '--until', '2099-12-31'],
      ...['--out', keyFile, '--type', ...new Set(types)],
    ]);
  });
  afterAll(async () => {
    await harness.close();
    await rm(keyFile, { force: true });
    await broker?.kill('SIGTERM');
  });

  it('queues events that intake then opens and takes', async () => {
    const events = member('through-kafka', [{ kind: 'email', value: 'kafka@example.jp' }]);
    const input = [...events.map((event) => JSON.stringify(event)), '{"no":"event"}'];
    const env = { KYOKA_PUBLISHER_KEY_FILE: keyFile };
    const words = ['publish', '--to', broker?.address ?? ''];
    const ran = await kyoka(harness, words, { input, env });
    expect(ran.code).toBe(1);
    expect(ran.out.map(({ status }) => status)).toEqual([...events.map(() => 'queued'), 'refused']);
    // Each topic has a consumer's turn of its own: the contact may come after the consents.
    await eventually('intake has taken them', async () => {
      const id = await idOf(harness.ask, 'through-kafka');
      const subject = await harness.ask(`/v1/subjects/${id}`);
      expect(subject.json<{ permissions: object[] }>().permissions).toHaveLength(3);
      const found = await kyoka(harness, ['explain'], { input: ['kafka@example.jp'] });
      expect(found.out).toMatchObject([{ ref: 'through-kafka' }]);
    });
    const [row] = (await harness.summary.permissions.query(
      `select body->>'by' as by from permissions.ledger limit 1`,
    )) as { by: string }[];
    expect(row?.by).toMatch(/^publisher:kp-/);
  });

  it('says that no broker answers', async () => {
    const env = { KYOKA_PUBLISHER_KEY_FILE: keyFile };
    const ran = await kyoka(harness, ['publish', '--to', '127.0.0.1:1'], { env });
    expect(ran).toMatchObject({ code: 1, out: [{ code: 'kafka_unavailable' }] });
  });
});
