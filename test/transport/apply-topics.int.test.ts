import { describeWithKafka, uniqueName } from '@kyoka/testing';
import { applyTopics, createKafka, requireTopics, TOPICS } from '@kyoka/transport';
import { expect, it } from 'vitest';

await describeWithKafka('topics by a command', ({ brokers }) => {
  const client = createKafka({ brokers, clientId: 'apply-topics-test' });
  const prefix = uniqueName('topics');
  const [input, compacted] = ['kyoka.orders.v1', 'kyoka.permissions.v1'].map((name) => ({
    ...(TOPICS.find((topic) => topic.name === name) as (typeof TOPICS)[number]),
    name: `${prefix}.${name}`,
  })) as [(typeof TOPICS)[number], (typeof TOPICS)[number]];
  const topics = [input, compacted];
  const states = async (options = {}) =>
    (await applyTopics(client, { topics, ...options })).map(({ state }) => state);

  it('are told when they lack, made, left alone, and set again where somebody set them otherwise', async () => {
    expect(await states({ onlyTell: true })).toEqual(['differs', 'differs']);
    await expect(requireTopics(client, topics)).rejects.toMatchObject({ code: 'config_invalid' });
    expect(await states()).toEqual(['created', 'created']);
    await requireTopics(client, topics);
    expect(await states()).toEqual(['unchanged', 'unchanged']);

    const admin = client.admin();
    await admin.connect();
    const configEntries = [
      { name: 'retention.ms', value: '1000' },
      { name: 'max.message.bytes', value: '500000' },
    ];
    await admin.alterConfigs({
      validateOnly: false,
      resources: [{ type: 2, name: compacted.name, configEntries }],
    });
    const [, told] = await applyTopics(client, { topics, onlyTell: true });
    expect(told?.differences).toContainEqual({ setting: 'retention.ms', is: '1000', wanted: '-1' });
    expect(await states()).toEqual(['unchanged', 'changed']);
    expect(await states()).toEqual(['unchanged', 'unchanged']);
    // What somebody else has set beside ours stays.
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: 2, name: compacted.name, configNames: ['max.message.bytes'] }],
    });
    expect(resources[0]?.configEntries[0]?.configValue).toBe('500000');
    await admin.disconnect();
  });

  it('never gets partitions added: it only tells', async () => {
    const topic = { ...input, partitions: input.partitions + 1 };
    const [report] = await applyTopics(client, { topics: [topic] });
    expect(report).toMatchObject({ state: 'differs', differences: [{ setting: 'partitions' }] });
  });
});
