import type { RawEvent } from '@kyoka/intake';
import { DAY, type Instant } from '@kyoka/kernel';
import { attributesOf } from '@kyoka/publisher';
import {
  createSampleSigner,
  type PublisherName,
  SAMPLE_PUBLISHERS,
  type SampleCompany,
  type SampleKey,
  toCloudEvent,
} from '@kyoka/sample';
import type { OutboundRecord } from '@kyoka/transport';
import { openPool, type Pool, queryable, type Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { registered } from './registered.js';

/** An event of the sample company, ready for its topic or for the door of HTTP. */
export interface ReadyEvent {
  /** `ce_source` and `ce_id`. */
  readonly key: string;
  readonly topic: string | undefined;
  readonly record: OutboundRecord | undefined;
  /** As intake gets it. */
  readonly raw: RawEvent;
}

/** Every event of the company in the order of arrival, sealed and signed under keys registered there. */
export async function readyEvents(
  company: SampleCompany,
  where: { readonly pool: Pool; readonly vault: Vault },
  now: Instant,
): Promise<ReadyEvent[]> {
  const keys: [PublisherName, SampleKey][] = [];
  for (const { name, sources, types } of SAMPLE_PUBLISHERS) {
    const grant = { name, sources, types, validUntil: now + DAY };
    keys.push([name, await registered(where, grant)]);
  }
  const sign = createSampleSigner(Object.fromEntries(keys) as Record<PublisherName, SampleKey>);
  return Promise.all(
    company.events.map(async (event): Promise<ReadyEvent> => {
      const { draft } = event;
      const key = `${draft.source}\n${draft.id}`;
      const signed = await sign(event);
      if (signed === undefined) {
        const { data, ...attributes } = toCloudEvent(draft);
        const raw: RawEvent = {
          attributes: attributes as Record<string, string>,
          data: Buffer.from(JSON.stringify(data)),
          place: 'http',
          by: { kind: 'token', plaintext: true },
        };
        return { key, topic: undefined, record: undefined, raw };
      }
      const { topic, headers, value } = signed;
      return {
        key,
        topic,
        record: { key: signed.key, value: Buffer.from(value), headers },
        raw: {
          attributes: attributesOf(headers),
          data: value,
          place: `${topic}/0/0`,
          by: { kind: 'mac', plaintext: false },
        },
      };
    }),
  );
}

/** Gives another database of the same vault the publishers of this one. */
export async function copyPublishers(from: Queryable, to: { readonly url: string }): Promise<void> {
  const pool = await openPool(to.url, { max: 1, applicationName: 'copy-publishers' });
  for (const table of ['intake.publisher', 'intake.publisher_key']) {
    const rows = await from.query(`select * from ${table}`);
    await queryable(pool).query(
      `insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`,
      [JSON.stringify(rows.map(hexBytes))],
    );
  }
  await pool.destroy();
}

const hexBytes = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : (value as unknown),
    ]),
  );

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The same events in another order, a part of them twice. Only events under one key keep their order:
 * the first of them is the one that counts.
 */
export function disturbed<T extends { readonly key: string }>(
  events: readonly T[],
  { seed, twice }: { readonly seed: number; readonly twice: number },
): T[] {
  const random = randoms(seed);
  const copies = events.filter(() => random() < twice);
  const byKey = Map.groupBy([...events, ...copies], ({ key }) => key);
  return [...byKey.values()]
    .flatMap((same) => {
      const places = same.map(() => random()).sort((a, b) => a - b);
      return same.map((event, index) => ({ event, place: places[index] as number }));
    })
    .sort((a, b) => a.place - b.place)
    .map(({ event }) => event);
}
