import { normaliseContact } from '@kyoka/contact';
import {
  isStopType,
  PARK_REASONS,
  parseEvent,
  readStopLoosely,
  type EventType,
  type KnownEvent,
} from '@kyoka/contracts';
import { DAY, parseInstant, type ContactKind, type Instant } from '@kyoka/kernel';
import { attributesOf, deriveKeys, verifyMac } from '@kyoka/publisher';
import {
  createSampleSigner,
  DEMO_CONTACTS,
  DEMO_PERSON,
  expectedCounts,
  SAMPLE_PUBLISHERS,
  sampleAudiences,
  sampleCompany,
  sampleContacts,
  toCloudEvent,
  type PublisherName,
  type SampleEvent,
  type SampleKey,
} from '@kyoka/sample';
import { describe, expect, it } from 'vitest';

const now = parseInstant('2026-11-26T12:00:00+09:00') as Instant;
const company = sampleCompany({ seed: 1, now });
const { events } = company;

const parse = ({ draft }: SampleEvent) => {
  const { data, ...attributes } = toCloudEvent(draft);
  return parseEvent(attributes, data);
};
const known = (event: SampleEvent): KnownEvent => {
  const parsed = parse(event);
  if (!parsed.ok) throw new Error(`${event.draft.id}: ${JSON.stringify(parsed)}`);
  return parsed.event;
};
const ending = (outcome: string, reason?: string) =>
  events.filter(({ expected }) => expected.outcome === outcome && expected.reason === reason);
const at = (time: string) => parseInstant(time) as Instant;

describe('the sample company', () => {
  it('is the same for the same seed and moment, and another for another seed', () => {
    expect(sampleCompany({ seed: 1, now })).toEqual(company);
    expect(sampleCompany({ seed: 2, now }).events).not.toEqual(events);
  });

  it('has the size that it is described with', () => {
    expect(company.people).toBe(2001);
    expect(events.length).toBeGreaterThan(7_000);
    expect(events.length).toBeLessThan(10_000);
    for (const source of ['store', 'mall.rakuten', 'mall.amazon', 'mall.yahoo', 'form_abandoned']) {
      expect(company.records[source]).toBeGreaterThan(30);
    }
  });

  it('holds every type of event that the demo can show', () => {
    const types = new Set(ending('accepted').map(({ draft }) => draft.type));
    expect([...types].sort()).toEqual([
      'jp.kyoka.adsswitch.changed.v1',
      'jp.kyoka.consent.granted.v1',
      'jp.kyoka.consent.withdrawn.v1',
      'jp.kyoka.customer.registered.v1',
      'jp.kyoka.delivery.bounced.v1',
      'jp.kyoka.delivery.complained.v1',
      'jp.kyoka.delivery.returned.v1',
      'jp.kyoka.erasure.requested.v1',
      'jp.kyoka.line.followed.v1',
      'jp.kyoka.line.unfollowed.v1',
      'jp.kyoka.membership.cancelled.v1',
      'jp.kyoka.order.cancelled.v1',
      'jp.kyoka.order.placed.v1',
      'jp.kyoka.suspension.lifted.v1',
      'jp.kyoka.suspension.requested.v1',
    ] satisfies EventType[]);
  });

  it('ends in every way that an event can end', () => {
    const ways = Object.keys(expectedCounts(company)).filter((way) => way.startsWith('parked/'));
    const sample = Object.keys(PARK_REASONS).filter((reason) => reason !== 'unknown_source');
    expect(ways.sort()).toEqual(sample.map((reason) => `parked/${reason}`).sort());
    expect(Object.values(expectedCounts(company)).reduce((sum, count) => sum + count, 0)).toBe(
      events.length,
    );
  });

  it('spans two years up to now, in the order of arrival', () => {
    const times = events.map(({ draft }) => at(draft.time));
    expect(Math.min(...times)).toBeGreaterThan(now - 740 * DAY);
    expect(Math.max(...times)).toBeLessThanOrEqual(now);
    const ahead = events.filter((event) => {
      const parsed = parse(event);
      return (
        parsed.ok && 'occurredAt' in parsed.event.data && at(parsed.event.data.occurredAt) > now
      );
    });
    expect(ahead.map(({ expected }) => expected.reason ?? expected.outcome).sort()).toEqual(
      [...Array<string>(2).fill('accepted'), ...Array<string>(4).fill('dated_ahead')].sort(),
    );
  });
});

describe('what each event is said to end as, it can end as', () => {
  it('accepted, duplicate, and parked for what a policy or key says: well-formed', () => {
    const loose = new Set(['malformed', 'stop_widened']);
    for (const event of events) {
      const { outcome, reason } = event.expected;
      if (
        outcome === 'accepted' ||
        outcome === 'duplicate' ||
        (outcome === 'parked' && !loose.has(reason ?? ''))
      ) {
        known(event);
      }
    }
  });

  it('malformed and refused: not', () => {
    for (const event of [...ending('parked', 'malformed'), ...ending('refused')]) {
      expect(parse(event)).toMatchObject({ ok: false, kind: 'malformed' });
      expect(isStopType(event.draft.type)).toBe(false);
    }
  });

  it('skipped: of a type that is not known', () => {
    for (const event of ending('skipped'))
      expect(parse(event)).toEqual({ ok: false, kind: 'unknown_type' });
  });

  it('stops that are widened can be read', () => {
    const purposes = new Set(['info_product', 'info_support']);
    for (const { draft } of ending('parked', 'stop_widened')) {
      const stop = readStopLoosely(draft.type, draft.data, purposes);
      expect([...(stop?.purposes ?? []), ...(stop?.channels ?? [])]).toContain('*');
    }
  });

  it.each([1, 2, 3, 4, 5])(
    'seed %i: duplicates repeat an event before them; a used id comes with other content',
    (seed) => {
      const first = new Map<string, SampleEvent>();
      for (const event of sampleCompany({ seed, now, people: 300 }).events) {
        const key = `${event.draft.source} ${event.draft.id}`;
        const before = first.get(key);
        const { outcome, reason } = event.expected;
        if (outcome === 'duplicate') expect(before?.draft).toBe(event.draft);
        else if (reason === 'id_reused') expect(before?.draft.data).not.toEqual(event.draft.data);
        else expect(before).toBeUndefined();
        first.set(key, before ?? event);
      }
    },
  );
});

describe('contact points', () => {
  const contacts = events.flatMap(({ draft, expected }) => {
    const data = draft.data as {
      subject?: { source: string; ref: string };
      contacts?: { kind: ContactKind; value: string }[];
    };
    if (expected.outcome !== 'accepted') return [];
    return (data.contacts ?? []).map((contact) => ({
      ...normaliseContact(contact.kind, contact.value),
      who: data.subject && `${data.subject.source}/${data.subject.ref}`,
    }));
  });
  const sharing = new Map<string, Set<string>>();
  for (const { kind, fold, who } of contacts) {
    const key = `${kind} ${fold}`;
    if (who !== undefined) sharing.set(key, (sharing.get(key) ?? new Set()).add(who));
  }

  it.each(['personal', 'relay', 'alias', 'role', 'invalid'])('some are %s', (wanted) => {
    expect(contacts.filter((contact) => contact.class === wanted).length).toBeGreaterThan(10);
  });

  it('numbers are real forms of mobile and fixed lines in every range, but the unusable ones', () => {
    const phones = contacts.filter(({ kind }) => kind === 'phone');
    const invalid = phones.filter((phone) => phone.class === 'invalid');
    expect(invalid.length / phones.length).toBeLessThan(0.06);
    for (const prefix of [
      '+8160',
      '+8170',
      '+8180',
      '+8190',
      '+813',
      '+816',
      '+8152',
      '+8111',
      '+8192',
    ]) {
      expect(
        phones.filter(({ value, class: is }) => is === 'personal' && value.startsWith(prefix))
          .length,
        prefix,
      ).toBeGreaterThan(3);
    }
  });

  it('many are shared by records of several sources, some only in the folded form', () => {
    const shared = [...sharing.values()].filter((people) => people.size > 1);
    expect(shared.length).toBeGreaterThan(100);
    const gmail = [...sharing].filter(
      ([key, people]) => key.includes('@gmail.com') && people.size > 1,
    );
    expect(gmail.length).toBeGreaterThan(5);
  });

  it('old carrier addresses are among them, and are kept', () => {
    const carrier = contacts.filter(
      ({ value }) => /\.\.|^\./.test(value) && value.endsWith('.ne.jp'),
    );
    expect(carrier.length).toBeGreaterThan(20);
    expect(new Set(carrier.map((contact) => contact.class))).toEqual(new Set(['personal']));
  });

  it('the demo person shares none of theirs', () => {
    for (const { kind, value } of DEMO_CONTACTS) {
      const { fold, class: is } = normaliseContact(kind, value);
      expect(is).toBe('personal');
      expect([...(sharing.get(`${kind} ${fold}`) ?? [])]).toEqual([
        `${DEMO_PERSON.source}/${DEMO_PERSON.ref}`,
      ]);
    }
  });
});

describe('audiences', () => {
  const demoOrders = events
    .filter(({ draft }) => JSON.stringify(draft.data).includes(`"${DEMO_PERSON.ref}"`))
    .map(known)
    .flatMap((event) => (event.type === 'jp.kyoka.order.placed.v1' ? [event.data.order] : []));

  it('the demo person belongs to both', () => {
    const skinCare = demoOrders.filter(
      ({ at: when, items }) =>
        at(when) > now - 180 * DAY && items.some(({ category }) => category === 'skin_care'),
    );
    expect(skinCare).toHaveLength(2);
    expect(demoOrders.every(({ at: when }) => at(when) < now - 90 * DAY)).toBe(true);
  });

  it('name the user and a period from today on', () => {
    expect(
      sampleAudiences(now, 'user:local').map(({ recipient, use }) => [recipient, use]),
    ).toEqual([
      ['google', { from: '2026-11-26', to: '2027-02-24', users: ['user:local'] }],
      ['meta', { from: '2026-11-26', to: '2027-02-24', users: ['user:local'] }],
    ]);
  });
});

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
