import { attributesOf, deriveKeys, verifyMac } from '@kyoka/publisher';
import {
  createSampleSigner,
  SAMPLE_PUBLISHERS,
  sampleContacts,
  type PublisherName,
  type SampleEvent,
  type SampleKey,
} from '@kyoka/sample';
import { describe, expect, it } from 'vitest';
import { company, ending, events } from './sample-company.js';

describe('signing', () => {
  const keys = Object.fromEntries(
    SAMPLE_PUBLISHERS.map(({ name }, index) => [
      name,
      { kid: `key-${name}`, key: Buffer.alloc(32, index + 1).toString('base64url') },
    ]),
  ) as Record<PublisherName, SampleKey>;
  const topicEvents = events.filter(({ route }) => route.via === 'topic');
  const registered = ({ route, draft }: SampleEvent) =>
    SAMPLE_PUBLISHERS.some(
      ({ name, sources, types }) =>
        route.via === 'topic' &&
        name === route.publisher &&
        sources.includes(draft.source) &&
        types.includes(draft.type),
    );
  const byMac = new Set(['mac_missing', 'mac_wrong', 'changed_after_signing', 'unknown_key']);

  it('every event that is to be taken comes from a key registered for it; forged ones fail there or at the MAC', () => {
    for (const event of topicEvents) {
      const forged = event.expected.reason === 'unauthenticated';
      expect(registered(event) && !byMac.has(event.damage ?? ''), event.draft.id).toBe(!forged);
    }
  });

  it('MACs hold but where damaged; no contact value is readable but where it was left in the clear', async () => {
    const sign = createSampleSigner(keys);
    const values = sampleContacts(company).map((value) => JSON.stringify(value).slice(1, -1));
    const chosen = topicEvents.filter(
      (event, index) => event.damage !== undefined || index % 40 === 0,
    );
    let bare = 0;
    for (const event of chosen) {
      const signed = await sign(event);
      if (signed === undefined || event.route.via !== 'topic')
        throw new Error('a topic event is signed');
      const macKey = deriveKeys(keys[event.route.publisher].key).macKey;
      const attributes = attributesOf(signed.headers);
      expect(verifyMac(attributes, signed.value, macKey)).toBe(!byMac.has(event.damage ?? ''));
      const bytes = `${signed.key} ${JSON.stringify(signed.headers)} ${Buffer.from(signed.value).toString()}`;
      const readable = values.some((value) => value.length > 6 && bytes.includes(value));
      expect(readable).toBe(event.damage === 'contact_in_clear');
      bare += Number(readable);
    }
    expect(bare).toBeGreaterThan(0);
  });

  it('an event that comes twice comes with the same bytes', async () => {
    const sign = createSampleSigner(keys);
    const again = ending('duplicate').find(
      ({ route, draft }) =>
        route.via === 'topic' && JSON.stringify(draft.data).includes('contacts'),
    );
    const before = events.find((event) => event.draft === again?.draft);
    if (!again || !before) throw new Error('the sample repeats an event with contacts');
    expect((await sign(again))?.value).toEqual((await sign(before))?.value);
  });
});
