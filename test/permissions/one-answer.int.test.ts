import { decide, type PersonFacts, parseCase } from '@kyoka/decision';
import { CHANNEL_CONTACT, type Channel, CHANNELS, formatInstant, type Json } from '@kyoka/kernel';
import { decidePersons } from '@kyoka/permission-store';
import type { Policy } from '@kyoka/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Draft } from '../intake/harness.js';
import {
  adsGrant,
  type Company,
  GOOGLE,
  grant,
  minutes,
  openCompany,
  suspension,
  switchedOn,
  USE,
  withdrawal,
} from './company.js';

let company: Company;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

const DAY_AGO = minutes(-1440);
const HOUR_AGO = minutes(-60);

/** What happened to somebody, as events and as the facts of a decision case. */
interface Story {
  readonly what: string;
  readonly ref: string;
  readonly events: readonly Draft[];
  readonly facts: { readonly [field: string]: Json };
}

const granted = (id: string, purpose: string, channel: string, recipient?: string) => ({
  act: 'granted',
  purpose,
  channel,
  ...(recipient === undefined ? {} : { recipient }),
  at: DAY_AGO,
  evidence: `ev-${id}`,
  actor: 'subject',
});

const MATCHING = { purpose: 'ad_matching', channels: ['ads'], recipient: 'google' };

const STORIES: readonly Story[] = [
  {
    what: 'somebody who consented to the newsletter',
    ref: 'A',
    events: [grant('A1', 'A')],
    facts: { consents: [granted('A1', 'info_product', 'email')] },
  },
  {
    what: 'somebody who consented to matching and switched ads on',
    ref: 'B',
    events: [adsGrant('B1', 'B'), switchedOn('B2', 'B')],
    facts: { consents: [granted('B1', 'ad_matching', 'ads', 'google')], adsSwitch: 'on' },
  },
  {
    what: 'somebody who consented to the matching by a group of recipients',
    ref: 'C',
    events: [adsGrant('C1', 'C', { recipient: 'ad_networks' }), switchedOn('C2', 'C')],
    facts: { consents: [granted('C1', 'ad_matching', 'ads', 'ad_networks')], adsSwitch: 'on' },
  },
  {
    what: 'somebody who withdrew the matching',
    ref: 'D',
    events: [adsGrant('D1', 'D'), switchedOn('D2', 'D'), withdrawal('D3', 'D', MATCHING)],
    facts: {
      consents: [
        granted('D1', 'ad_matching', 'ads', 'google'),
        {
          ...granted('', 'ad_matching', 'ads', 'google'),
          act: 'withdrawn',
          at: HOUR_AGO,
          evidence: null,
        },
      ],
      adsSwitch: 'on',
    },
  },
  {
    what: 'somebody who suspended the matching',
    ref: 'E',
    events: [
      adsGrant('E1', 'E'),
      switchedOn('E2', 'E'),
      suspension('E3', {
        subject: { source: 'store', ref: 'E' },
        scope: { purposes: ['ad_matching'], channels: ['ads'] },
        evidence: { id: 'ev-E3', actor: 'subject' },
      }),
    ],
    facts: {
      consents: [granted('E1', 'ad_matching', 'ads', 'google')],
      suppressions: [
        {
          kind: 'suspension',
          purpose: 'ad_matching',
          channel: 'ads',
          at: HOUR_AGO,
          actor: 'subject',
          evidence: 'ev-E3',
        },
      ],
      adsSwitch: 'on',
    },
  },
  {
    what: 'somebody whose housemate withdrew the matching',
    ref: 'F',
    events: [
      adsGrant('F1', 'F'),
      switchedOn('F2', 'F'),
      grant('F3', 'F-mate', { contacts: [{ kind: 'email', value: 'f@example.jp' }] }),
      withdrawal('F4', 'F-mate', MATCHING),
    ],
    facts: {
      consents: [granted('F1', 'ad_matching', 'ads', 'google')],
      suppressions: [
        {
          kind: 'withdrawal',
          purpose: 'ad_matching',
          channel: 'ads',
          at: HOUR_AGO,
          actor: 'subject',
        },
      ],
      adsSwitch: 'on',
    },
  },
  {
    what: 'somebody who withdrew everything',
    ref: 'G',
    events: [
      grant('G1', 'G'),
      adsGrant('G2', 'G'),
      switchedOn('G3', 'G'),
      withdrawal('G4', 'G', { purpose: '*', channels: ['*'] }),
    ],
    facts: {
      consents: [
        granted('G1', 'info_product', 'email'),
        granted('G2', 'ad_matching', 'ads', 'google'),
        { act: 'withdrawn', purpose: '*', channel: '*', at: HOUR_AGO, actor: 'subject' },
      ],
      adsSwitch: 'on',
    },
  },
];

const purposesOf = (policy: Policy) => [...policy.purposes.map(({ id }) => id), 'leak_notice'];

/** Only a contact point that carries the channel is a fact of the question. */
const carries = (channel: Channel): boolean =>
  channel === 'ads' || CHANNEL_CONTACT[channel] === 'email';

const factsOf = (story: Story, channel: Channel) => ({
  category: 'member',
  status: 'active',
  ...(carries(channel)
    ? { contactPoint: { kind: 'email', class: 'personal', sources: ['store'] } }
    : {}),
  acquired: { source: 'store', at: DAY_AGO, policyVersion: 'almado@1', noticeShown: true },
  suppressions: [],
  adsSwitch: 'never_set',
  ...story.facts,
});

describe.each(STORIES)('$what', (story) => {
  beforeAll(() => company.feed(...story.events));

  it.each(CHANNELS)('has one answer from the store and from the facts, on %s', async (channel) => {
    const policy = company.policies.policies.get('almado@1') as Policy;
    for (const purpose of purposesOf(policy)) {
      const ads = channel === 'ads' ? { recipient: 'google' } : {};
      const request = { purpose, channel, contentOwner: 'own' as const, ...ads };
      const asked = {
        policy: 'almado@1',
        at: company.clock.now,
        request: { actor: 'user:sato', use: USE, ...request },
        ...(channel === 'ads' ? { recipient: GOOGLE } : {}),
      };
      const parsed = parseCase({
        policy: 'almado@1',
        at: formatInstant(company.clock.now),
        request,
        facts: factsOf(story, channel),
      });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
      const {
        contacts,
        refusedContacts: _refused,
        changesAt: _changesAt,
        subjectId,
        stopped,
        ...stored
      } = (
        await decidePersons(company.db, company.policies, asked, [await company.idOf(story.ref)])
      )[0] as Awaited<ReturnType<typeof decidePersons>>[number];
      const { reasons = [], ...other } = decide(company.policies, {
        ...asked,
        facts: parsed.case.facts as PersonFacts,
      }) as ReturnType<typeof decide> & { reasons?: object[] };
      expect({ purpose, ...stored }).toEqual({ purpose, ...other, reasons });
      expect([subjectId, typeof stopped, contacts.length > 0]).toEqual([
        await company.idOf(story.ref),
        'boolean',
        stored.allowed && carries(channel),
      ]);
    }
  });
});

it('personalise on ads rests on the consent to matching', async () => {
  const request = { purpose: 'personalise', channel: 'ads', recipient: 'google' } as const;
  expect(await company.ask(request, 'B')).toBe('allowed');
  expect(await company.ask(request, 'D')).toContain('consent_withdrawn');
  expect(await company.ask(request, 'E')).toEqual(['suppressed_suspension']);
  expect(await company.ask(request, 'F')).toEqual(['consent_withdrawn']);
});
