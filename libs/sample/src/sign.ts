import type { Json } from '@kyoka/kernel';
import {
  canonicalJson,
  computeMac,
  createPublisher,
  deriveKeys,
  headersOf,
  attributesOf,
  KID_ATTRIBUTE,
  MAC_ATTRIBUTE,
  type Publisher,
  type SignedEvent,
} from '@kyoka/publisher';
import type { Damage, Draft, SampleEvent } from './events.js';
import type { PublisherName } from './publishers.js';

/** A registered key of a publisher: its id and 32 bytes as base64url. */
export interface SampleKey {
  readonly kid: string;
  readonly key: string;
}

export interface SignedSampleEvent extends SignedEvent {
  readonly topic: string;
  readonly expected: SampleEvent['expected'];
}

/**
 * Seals and signs the events of topics, in their order, with the damage that the sample asks for. An event
 * that comes twice comes with the same bytes.
 */
export function createSampleSigner(
  keys: Readonly<Record<PublisherName, SampleKey>>,
): (event: SampleEvent) => Promise<SignedSampleEvent | undefined> {
  const publishers = new Map<string, Publisher>();
  const signed = new WeakMap<Draft, Promise<SignedEvent>>();

  const publisherOf = (name: PublisherName, source: string): Publisher => {
    const known = publishers.get(`${name} ${source}`);
    if (known) return known;
    const made = createPublisher({ ...keys[name], source });
    publishers.set(`${name} ${source}`, made);
    return made;
  };

  return async ({ draft, route, damage, expected }) => {
    if (route.via === 'http') return undefined;
    const key = keys[route.publisher];
    const publisher = publisherOf(route.publisher, draft.source);
    let event = signed.get(draft);
    if (event === undefined) {
      event = signDraft(publisher, draft, key, damage);
      signed.set(draft, event);
    }
    return { ...(await event), topic: route.topic, expected };
  };
}

/** The event as `POST /v1/events` takes it: structured mode, contacts in the clear. */
export function toCloudEvent({
  id,
  source,
  type,
  time,
  data,
}: Draft): Readonly<Record<string, Json>> {
  return { specversion: '1.0', id, source, type, time, datacontenttype: 'application/json', data };
}

async function signDraft(
  publisher: Publisher,
  draft: Draft,
  key: SampleKey,
  damage: Damage | undefined,
): Promise<SignedEvent> {
  if (damage === 'contact_sealed_for_another_event') {
    return publisher.event({ ...draft, data: await sealElsewhere(publisher, draft) });
  }
  const event = await publisher.event(draft);
  return damage === undefined ? event : DAMAGES[damage](event, draft, key);
}

const withHeader = (event: SignedEvent, name: string, value: string): SignedEvent => ({
  ...event,
  headers: { ...event.headers, [`ce_${name}`]: value },
});

const DAMAGES: Readonly<
  Record<
    Exclude<Damage, 'contact_sealed_for_another_event'>,
    (event: SignedEvent, draft: Draft, key: SampleKey) => SignedEvent
  >
> = {
  mac_missing: (event) => ({
    ...event,
    headers: Object.fromEntries(
      Object.entries(event.headers).filter(([name]) => name !== `ce_${MAC_ATTRIBUTE}`),
    ),
  }),
  mac_wrong: (event) => {
    const mac = event.headers[`ce_${MAC_ATTRIBUTE}`] ?? '';
    return withHeader(event, MAC_ATTRIBUTE, `${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`);
  },
  changed_after_signing: (event, draft) => ({
    ...event,
    value: encode({ ...(draft.data as Readonly<Record<string, Json>>), purpose: 'personalise' }),
  }),
  unknown_key: (event) => withHeader(event, KID_ATTRIBUTE, 'nobody'),
  contact_in_clear: (event, draft, key) => {
    const value = encode(draft.data);
    const mac = computeMac(attributesOf(event.headers), value, deriveKeys(key.key).macKey);
    return {
      ...event,
      value,
      headers: headersOf({ ...attributesOf(event.headers), [MAC_ATTRIBUTE]: mac }),
    };
  },
};

async function sealElsewhere(publisher: Publisher, draft: Draft): Promise<Json> {
  const data = draft.data as {
    readonly subject: { readonly ref: string };
    readonly contacts: readonly { readonly kind: string; readonly value: string }[];
  };
  const other = { id: `${draft.id}-other`, source: draft.source };
  return {
    ...data,
    contacts: await Promise.all(
      data.contacts.map(async (contact) => ({
        kind: contact.kind,
        sealed: await publisher.seal(contact, other, data.subject.ref),
      })),
    ),
  };
}

const encode = (data: Json): Uint8Array => new TextEncoder().encode(canonicalJson(data));
