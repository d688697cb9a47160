import { attributesOf, deriveKeys, readKeyFile, verifyMac } from '@kyoka/publisher';
import type { OutboundRecord } from '@kyoka/transport';
import { describe, expect, it } from 'vitest';
import { publishToBrokers } from './to-brokers.js';

const KEY = readKeyFile(
  JSON.stringify({
    kid: 'kp-0123456789abcdef',
    key: Buffer.alloc(32, 7).toString('base64url'),
    sources: ['store'],
    types: ['jp.kyoka.order.placed.v1', 'jp.kyoka.suspension.requested.v1'],
    validUntil: 1,
  }),
);
const EVENT = {
  specversion: '1.0',
  id: 'e-1',
  source: 'store',
  type: 'jp.kyoka.suspension.requested.v1',
  time: '2026-11-20T09:12:33+09:00',
  data: {
    contacts: [{ kind: 'email', value: 'taro@example.jp' }],
    scope: { purposes: ['*'], channels: ['*'] },
  },
};

async function publish(...events: unknown[]) {
  const sent: { topic: string; record: OutboundRecord }[] = [];
  const written: string[] = [];
  const lines = async function* () {
    for (const event of events) yield typeof event === 'string' ? event : JSON.stringify(event);
  };
  const producer = {
    send: async (topic: string, records: readonly OutboundRecord[]) =>
      void sent.push(...records.map((record) => ({ topic, record }))),
  };
  const code = await publishToBrokers(producer, KEY, lines(), (line) => void written.push(line));
  return { code, sent, answers: written.map((line) => JSON.parse(line) as unknown) };
}

describe('publishing to brokers', () => {
  it('queues each event in its topic, signed, with its contacts sealed', async () => {
    const order = { ...EVENT, id: 'e-2', type: 'jp.kyoka.order.placed.v1' };
    const { code, sent, answers } = await publish(EVENT, order);
    expect(code).toBe(0);
    expect(answers).toEqual([
      { line: 1, id: 'e-1', status: 'queued' },
      { line: 2, id: 'e-2', status: 'queued' },
    ]);
    expect(sent.map(({ topic }) => topic)).toEqual(['kyoka.suspensions.v1', 'kyoka.orders.v1']);
    for (const { record } of sent) {
      expect(JSON.stringify(record)).not.toContain('taro');
      expect(String(record.value)).not.toContain('taro');
      const data = Buffer.from(record.value ?? '');
      const { macKey } = deriveKeys(KEY.key);
      expect(verifyMac(attributesOf(record.headers), data, macKey)).toBe(true);
    }
  });

  it.each([
    ['source', { source: 'mall.rakuten' }],
    ['type', { type: 'jp.kyoka.consent.granted.v1' }],
    ['type', { type: 'com.example.other' }],
    ['id', { id: 7 }],
    ['data', { data: 'taro@example.jp' }],
    ['data.contacts[0].value', { data: { contacts: [{ kind: 'email', value: 7 }] } }],
  ])('refuses one whose %s it can not vouch for, and queues the others', async (field, wrong) => {
    const { code, sent, answers } = await publish({ ...EVENT, ...wrong }, 'taro@example.jp', EVENT);
    expect(code).toBe(1);
    expect(sent).toHaveLength(1);
    expect(answers).toMatchObject([
      { line: 1, status: 'refused', faults: [{ field }] },
      { line: 2, status: 'refused', faults: [{ field: '' }] },
      { line: 3, status: 'queued' },
    ]);
    expect(JSON.stringify(answers)).not.toContain('taro');
  });
});
