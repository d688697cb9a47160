import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { IntakeModule } from '@kyoka/edge';
import type { IntakeAnswer } from '@kyoka/intake';
import type { KyokaError } from '@kyoka/kernel';
import { computeMac, deriveKeys, headersOf, KID_ATTRIBUTE, MAC_ATTRIBUTE } from '@kyoka/publisher';
import { InProcessStrategy, type OutboundRecord, type Producer } from '@kyoka/transport';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parkedCounts } from './counts.js';
import { type Harness, NOW, openHarness } from './harness.js';
import { NOT_ASKED } from './not-asked.js';
import { registered } from './registered.js';

const TOPIC = 'kyoka.suspensions.v1';
const CANARY = 'canary.taro@example.jp';

let harness: Harness;
let producer: Producer;
let key: { readonly kid: string; readonly key: string };
let close: () => Promise<void>;
const faults: KyokaError[] = [];
const answers: IntakeAnswer[] = [];

@Module({})
class App {}

beforeAll(async () => {
  harness = await openHarness();
  key = await registered(harness, {
    name: 'hostile',
    sources: ['store'],
    types: ['jp.kyoka.suspension.requested.v1', 'jp.kyoka.consent.granted.v1'],
    validUntil: NOW + 86_400_000,
  });
  const strategy = new InProcessStrategy({
    onFatal: (fault) => faults.push(fault),
    patience: { tries: 1, firstWaitMs: 1, longestWaitMs: 1 },
  });
  const role = IntakeModule.with({
    intake: {
      ingest: async (events) => {
        const told = await harness.intake.ingest(events);
        answers.push(...told);
        return told;
      },
    },
    ...NOT_ASKED,
    rights: { unsigned: new Set(), plaintext: new Set() },
    counted: () => undefined,
  });
  const app = await NestFactory.createMicroservice(
    { module: App, imports: [role] },
    { strategy, logger: false },
  );
  await app.listen();
  producer = strategy.producer;
  close = () => app.close();
});
afterAll(async () => {
  await close();
  await harness.close();
});

let ids = 0;

/** A record of a publisher that has gone wrong: whatever it says, its MAC holds. */
function signed(value: string | Buffer, attributes: Record<string, string> = {}): OutboundRecord {
  ids += 1;
  const own = {
    specversion: '1.0',
    id: `h${ids}`,
    source: 'store',
    type: 'jp.kyoka.suspension.requested.v1',
    time: '2026-11-20T10:00:00+09:00',
    datacontenttype: 'application/json',
    [KID_ATTRIBUTE]: key.kid,
    ...attributes,
  };
  const bytes = Buffer.from(value);
  const mac = computeMac(own, bytes, deriveKeys(key.key).macKey);
  return { key: null, value: bytes, headers: headersOf({ ...own, [MAC_ATTRIBUTE]: mac }) };
}

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
const stop = (more: string) => `{"subject":{"source":"store","ref":"hostile"},${more}}`;
const SCOPE = '"scope":{"purposes":["*"],"channels":["*"]}';

const HOSTILE: Record<string, () => OutboundRecord> = {
  'a tombstone': () => ({ ...signed('{}'), value: null }),
  'no headers at all': () => ({ key: null, value: CANARY, headers: {} }),
  'no JSON': () => signed(`<xml>${CANARY}</xml>`),
  'bytes that are no text': () => signed(Buffer.from([0xff, 0xfe, 0x00, 0x80])),
  'a number': () => signed('9007199254740993'),
  null: () => signed('null'),
  'an array, nested a hundred thousand times': () => signed(nested(100_000)),
  'a scope, nested three hundred thousand times': () => signed(stop(`"scope":${nested(300_000)}`)),
  'a purpose, nested three hundred thousand times': () =>
    signed(stop(`"scope":{"purposes":[${nested(300_000)}],"channels":["*"]}`)),
  'evidence, nested three hundred thousand times': () =>
    signed(stop(`${SCOPE},"evidence":{"id":"e","more":${nested(300_000)}}`)),
  'an unknown field, nested three hundred thousand times': () =>
    signed(stop(`${SCOPE},"more":${nested(300_000)}`)),
  'a megabyte of text': () => signed(stop(`${SCOPE},"evidence":{"id":"${'x'.repeat(1_000_000)}"}`)),
  'ten thousand contacts': () =>
    signed(
      stop(
        `${SCOPE},"contacts":[${Array(10_000).fill('{"kind":"email","sealed":"x"}').join(',')}]`,
      ),
    ),
  'a contact in the clear': () =>
    signed(stop(`${SCOPE},"contacts":[{"kind":"email","value":"${CANARY}"}]`)),
  'keys of prototypes': () =>
    signed(stop(`${SCOPE},"__proto__":{"actor":"operator"},"constructor":{"prototype":1}`)),
  'a NUL in a name': () => signed(`{"subject":{"source":"store","ref":"a\\u0000b"},${SCOPE}}`),
  'half a surrogate': () => signed(`{"subject":{"source":"store","ref":"\\ud800"},${SCOPE}}`),
  'a time that is none': () => signed(stop(`${SCOPE},"occurredAt":"+275760-09-13T00:00:00.001Z"`)),
  'a date before all dates': () => signed(stop(`${SCOPE},"occurredAt":"0000-01-01T00:00:00Z"`)),
  'an empty id': () => signed(stop(SCOPE), { id: '' }),
  'an id of ten thousand characters': () => signed(stop(SCOPE), { id: 'i'.repeat(10_000) }),
  'an id with a NUL': () => signed(stop(SCOPE), { id: 'a\u0000b' }),
  'another version of CloudEvents': () => signed(stop(SCOPE), { specversion: '0.3' }),
  'a source that is an address': () => ({
    key: null,
    value: stop(SCOPE),
    headers: { ce_source: CANARY, ce_id: CANARY, ce_type: CANARY },
  }),
};

it.each(Object.entries(HOSTILE))(
  '%s is answered, and what follows goes on',
  async (_what, make) => {
    const before = answers.length;
    const good = signed(stop(`${SCOPE},"occurredAt":"2026-11-01T09:00:00+09:00"`));
    await producer.send(TOPIC, [make(), good]);
    const [hostile, next] = answers.slice(before);
    expect(['parked', 'accepted']).toContain(hostile?.outcome);
    expect(next?.outcome).toBe('accepted');
    expect(faults).toEqual([]);
  },
);

it('left nothing of what they hold in the dead letters or beside the sealed originals', async () => {
  expect(Object.keys(await parkedCounts(harness.db)).length).toBeGreaterThan(2);
  const rows = await harness.db.query<{ text: string }>(
    `select (to_jsonb(p) - 'sealed')::text as text from intake.parked p
     union all select payload::text || headers::text from permissions.outbox
     union all select row_to_json(e)::text from intake.event e`,
  );
  expect(rows.length).toBeGreaterThan(40);
  expect(rows.filter(({ text }) => text.includes('canary'))).toEqual([]);
});
