import { isStopType, PARK_REASONS, readStopLoosely, type EventType } from '@kyoka/contracts';
import { DAY } from '@kyoka/kernel';
import {
  DEMO_PERSON,
  expectedCounts,
  sampleAudiences,
  sampleCompany,
  type SampleEvent,
} from '@kyoka/sample';
import { describe, expect, it } from 'vitest';
import { at, company, ending, events, known, now, parse } from './sample-company.js';

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
    const policies = {
      hasPurpose: (purpose: string) => ['info_product', 'info_support'].includes(purpose),
      hasRecipient: (recipient: string) => ['google', 'meta'].includes(recipient),
    };
    for (const { draft } of ending('parked', 'stop_widened')) {
      const stop = readStopLoosely(draft.type, draft.data, policies);
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
