import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Journal, openJournal } from '@kyoka/evidence';
import {
  createIntake,
  type Intake,
  type IntakePorts,
  type RawEvent,
  type Vocabulary,
} from '@kyoka/intake';
import { type Instant, type Json, parseInstant } from '@kyoka/kernel';
import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import { attributesOf, createPublisher, type Publisher, toStructured } from '@kyoka/publisher';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { openVault, type Vault } from '@kyoka/vault';
import { registered } from './registered.js';
import { statesOf } from './states.js';

export const NOW = parseInstant('2026-11-20T10:00:00+09:00') as Instant;
export const SOURCES = ['store', 'mall.rakuten', 'import'];
const PURPOSES = new Set(['order', 'info_product', 'personalise', 'ad_matching']);

const TYPES = [
  'consent.granted',
  'consent.withdrawn',
  'contact.confirmed',
  'suspension.requested',
  'suspension.lifted',
  'erasure.requested',
  'adsswitch.changed',
  'membership.cancelled',
  'order.placed',
  'order.cancelled',
  'customer.registered',
  'delivery.bounced',
  'delivery.complained',
  'line.followed',
  'line.unfollowed',
  'delivery.returned',
].map((type) => `jp.kyoka.${type}.v1`);

/** A small company: one policy, three sources, of which the store may attest sessions. */
export const VOCABULARY: Vocabulary = {
  hasPolicy: (version) => version === 'almado@1',
  hasSource: (source) => SOURCES.includes(source),
  yields: (source, category) =>
    source === 'mall.rakuten'
      ? category === 'mall_customer'
      : ['member', 'non_member'].includes(category),
  hasPurpose: (purpose) => PURPOSES.has(purpose),
  hasRecipient: (recipient) => ['google', 'meta', 'ad_networks'].includes(recipient),
  mayAttest: (source) => source === 'store',
  earnsConsent: (source) => source === 'store',
  needsOf: () => new Set(),
};

export interface Harness {
  readonly ports: IntakePorts;
  readonly intake: Intake;
  readonly vault: Vault;
  readonly db: Queryable;
  readonly pool: Pool;
  readonly database: TestDatabase;
  readonly journal: Journal;
  readonly folder: string;
  readonly publisher: Publisher;
  /** The moment that intake takes for now. */
  clock: { now: Instant };
  /** An event as its publisher would send it: sealed and signed, as a record of a topic. */
  signed(draft: Draft): Promise<RawEvent>;
  /** The whole permission state of every subject whose reference begins so, by source and reference. */
  states(refPrefix?: string): Promise<Record<string, Json>>;
  close(): Promise<void>;
}

export interface Draft {
  readonly type: string;
  readonly id: string;
  readonly data: Json;
}

export const plain = (draft: Draft): RawEvent => ({
  attributes: {
    specversion: '1.0',
    id: draft.id,
    source: 'store',
    type: `jp.kyoka.${draft.type}.v1`,
    time: '2026-11-20T10:00:00+09:00',
  },
  data: Buffer.from(JSON.stringify(draft.data)),
  place: 'http',
  by: { kind: 'token', plaintext: true },
});

export async function openHarness(): Promise<Harness> {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-intake-'));
  const database = await databaseForTests();
  const vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  const pool = await openPool(database.url, {
    role: 'kyoka_permissions',
    max: 10,
    applicationName: 'intake-test',
  });
  const journal = await openJournal({ dir: join(folder, 'journal'), writer: 'test' });
  const { kid, key } = await registered(
    { pool, vault },
    {
      name: 'store',
      sources: SOURCES,
      types: TYPES,
      validUntil: NOW + 365 * 86_400_000,
    },
  );
  const publisher = createPublisher({ kid, key, source: 'store' });
  const clock = { now: NOW };
  const ports: IntakePorts = {
    pool,
    vault,
    journal,
    journalWriter: 'test',
    clock: () => clock.now,
    vocabulary: () => VOCABULARY,
  };
  const db = queryable(pool);
  return {
    ports,
    intake: createIntake(ports),
    vault,
    db,
    pool,
    database,
    journal,
    folder,
    publisher,
    clock,
    async signed({ id, type, data }) {
      const event = await publisher.event({
        id,
        type: `jp.kyoka.${type}.v1`,
        time: '2026-11-20T10:00:00+09:00',
        data: data as Parameters<Publisher['event']>[0]['data'],
      });
      return {
        attributes: attributesOf(event.headers),
        data: event.value,
        place: 'kyoka.consents.v1/0/1',
        by: { kind: 'mac', plaintext: false },
      };
    },
    states: (refPrefix) => statesOf(db, refPrefix),
    async close() {
      await journal.close();
      await pool.destroy();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export { toStructured };
