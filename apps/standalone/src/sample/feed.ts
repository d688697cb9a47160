import { DAY, type Clock } from '@kyoka/kernel';
import type { EventBatchAnswer } from '@kyoka/contracts';
import { registerPublisher } from '@kyoka/intake';
import { inTransaction, type Pool } from '@kyoka/postgres';
import {
  createSampleSigner,
  type PublisherName,
  SAMPLE_PUBLISHERS,
  type SampleCompany,
  type SampleEvent,
  type SampleKey,
  type SignedSampleEvent,
  toCloudEvent,
} from '@kyoka/sample';
import type { OutboundRecord, Producer } from '@kyoka/transport';
import type { Vault } from '@kyoka/vault';
import { addTold, NOTHING_TOLD, type Told } from '../told.js';
import type { Api } from './http.js';

export interface FeedPorts {
  /** Under the role `kyoka_permissions`. */
  readonly permissions: Pool;
  readonly vault: Vault;
  readonly producer: Producer;
  readonly api: Api;
  readonly clock: Clock;
}

const CHUNK = 500;
/** The sample's publishers have nothing to say after the feed. */
const KEYS_VALID_MS = DAY;

/**
 * Sends the company's events from number `from` on, in the order of their arrival: most of them signed
 * and sealed by their publishers through the transport, the others over HTTP.
 *
 * @param onChunk told after each part how many events are done, and what became of its posted ones
 */
export async function feed(
  company: SampleCompany,
  from: number,
  ports: FeedPorts,
  onChunk: (fed: number, posted: Told) => Promise<void>,
): Promise<void> {
  const sign = createSampleSigner(await registerPublishers(ports));
  for (let start = from; start < company.events.length; start += CHUNK) {
    const chunk = company.events.slice(start, start + CHUNK);
    const signed = (await Promise.all(chunk.map(sign))).filter((event) => event !== undefined);
    const [posted] = await Promise.all([
      post(
        chunk.filter(({ route }) => route.via === 'http'),
        ports.api,
      ),
      ...[...Map.groupBy(signed, ({ topic }) => topic)].map(([topic, events]) =>
        ports.producer.send(topic, events.map(recordOf)),
      ),
    ]);
    await onChunk(start + chunk.length, posted);
  }
}

async function registerPublishers({
  permissions,
  vault,
  clock,
}: FeedPorts): Promise<Record<PublisherName, SampleKey>> {
  const keys = await inTransaction(permissions, async (tx) => {
    const made: [PublisherName, SampleKey][] = [];
    for (const { name, sources, types } of SAMPLE_PUBLISHERS) {
      const grant = { name: `sample ${name}`, sources, types, validUntil: clock() + KEYS_VALID_MS };
      const { key } = await registerPublisher(tx, vault, grant, { by: `sample:${name}`, clock });
      made.push([name, key]);
    }
    return made;
  });
  return Object.fromEntries(keys) as Record<PublisherName, SampleKey>;
}

const recordOf = ({ key, value, headers }: SignedSampleEvent): OutboundRecord => ({
  key,
  value: Buffer.from(value),
  headers,
});

async function post(events: readonly SampleEvent[], api: Api): Promise<Told> {
  if (events.length === 0) return NOTHING_TOLD;
  const { results } = await api.call<EventBatchAnswer>(
    'POST',
    '/v1/events',
    events.map(({ draft }) => toCloudEvent(draft)),
    { 'content-type': 'application/cloudevents-batch+json' },
  );
  const counts: Partial<Record<string, number>> = {};
  for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return addTold(NOTHING_TOLD, counts);
}
