import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES, isStopType, parseEvent, readStopLoosely } from './index.js';

const subject = { source: 'store', ref: 'c-1' };
const WITHDRAWN = 'jp.kyoka.consent.withdrawn.v1';
const SUSPENDED = 'jp.kyoka.suspension.requested.v1';
const KNOWN = {
  hasPurpose: (name: string) => name === 'order',
  hasRecipient: (name: string) => name === 'google',
};
const all = { purposes: ['*'], channels: ['*'] };

describe('readStopLoosely', () => {
  it.each([
    ['no scope at all', SUSPENDED, { subject }, { subject, ...all }],
    ['a scope of another shape', SUSPENDED, { subject, scope: 'everything' }, { subject, ...all }],
    [
      'an unknown channel among known ones',
      WITHDRAWN,
      { subject, purpose: 'order', channels: ['email', 'fax'] },
      { purposes: ['order'], channels: ['*'] },
    ],
    [
      'a purpose that is no name',
      WITHDRAWN,
      { subject, purpose: 'Order!', channels: ['email'] },
      { purposes: ['*'], channels: ['email'] },
    ],
    ['empty lists', SUSPENDED, { subject, scope: { purposes: [], channels: [] } }, all],
    [
      'a reference that is a number',
      WITHDRAWN,
      { subject: { source: 'store', ref: 10293 } },
      { subject: { source: 'store', ref: '10293' } },
    ],
    [
      'one channel in place of a list',
      WITHDRAWN,
      { subject, purpose: 'order', channels: 'sms' },
      { channels: ['sms'] },
    ],
    [
      'a contact without its kind',
      SUSPENDED,
      { contacts: [{ value: 'taro@example.jp' }, { value: '０９０-1234-5678' }] },
      {
        contacts: [
          { kind: 'email', value: 'taro@example.jp' },
          { kind: 'phone', value: '０９０-1234-5678' },
        ],
      },
    ],
    [
      'contacts as bare texts',
      SUSPENDED,
      { contacts: ['taro@example.jp'] },
      { contacts: [{ kind: 'email', value: 'taro@example.jp' }] },
    ],
    [
      'readable contacts among unreadable ones',
      SUSPENDED,
      { contacts: [7, { kind: 'email' }, { kind: 'line', value: 'U1' }] },
      { contacts: [{ kind: 'line', value: 'U1' }] },
    ],
    [
      'an unreadable time',
      SUSPENDED,
      { subject, occurredAt: 'yesterday' },
      { occurredAt: undefined },
    ],
    [
      'a readable time',
      SUSPENDED,
      { subject, occurredAt: '2026-11-20T09:00:00+09:00' },
      { occurredAt: '2026-11-20T09:00:00+09:00' },
    ],
    [
      'evidence that names its id',
      WITHDRAWN,
      { subject, evidence: { id: 'ev-1', actor: 'subject' } },
      { evidenceId: 'ev-1', actor: 'subject' },
    ],
    [
      'a switch of unreadable state',
      'jp.kyoka.adsswitch.changed.v1',
      { subject, state: 'aus' },
      { channels: ['ads'] },
    ],
    [
      'a bounce of unreadable kind',
      'jp.kyoka.delivery.bounced.v1',
      { subject, channel: 'email', bounce: '?' },
      { channels: ['email'] },
    ],
    [
      'a complaint on an unreadable channel',
      'jp.kyoka.delivery.complained.v1',
      { subject, channel: 'fax' },
      all,
    ],
    [
      'an unfollow',
      'jp.kyoka.line.unfollowed.v1',
      { subject },
      { purposes: ['*'], channels: ['line'] },
    ],
    ['an erasure', 'jp.kyoka.erasure.requested.v1', { subject }, all],
    [
      'a recipient where nothing but ads is meant',
      WITHDRAWN,
      { subject, purpose: 'ad_matching', channels: ['ads'], recipient: 'google' },
      { recipient: 'google' },
    ],
    [
      'a recipient where the channels are unreadable',
      WITHDRAWN,
      { subject, purpose: 'ad_matching', recipient: 'google' },
      { recipient: undefined },
    ],
  ])('reads %s', (_why, type, data, expected) => {
    const absent = { recipient: undefined, occurredAt: undefined };
    expect({ ...absent, ...readStopLoosely(type, data) }).toMatchObject(expected);
  });

  it.each([
    [
      'nobody readable',
      SUSPENDED,
      { subject: { ref: 'c-1' }, contacts: [{ kind: 'fax', value: '1' }] },
    ],
    ['a switch turned on', 'jp.kyoka.adsswitch.changed.v1', { subject, state: 'on' }],
    ['a soft bounce', 'jp.kyoka.delivery.bounced.v1', { subject, bounce: 'soft' }],
    ['a grant', 'jp.kyoka.consent.granted.v1', { subject }],
    ['an unknown type', 'jp.kyoka.parcel.opened.v1', { subject }],
  ])('gives nothing for %s', (_why, type, data) => {
    expect(readStopLoosely(type, data)).toBeUndefined();
  });

  it('widens a purpose that no policy knows', () => {
    const data = { subject, purpose: 'newsletter', channels: ['email'] };
    expect(readStopLoosely(WITHDRAWN, data, KNOWN)?.purposes).toEqual(['*']);
    expect(readStopLoosely(WITHDRAWN, data)?.purposes).toEqual(['newsletter']);
  });

  it('takes a recipient that no policy knows for every recipient', () => {
    const data = { subject, purpose: 'ad_matching', channels: ['ads'], recipient: 'google_ads' };
    const stop = readStopLoosely(WITHDRAWN, data, { ...KNOWN, hasPurpose: () => true });
    expect(stop).toMatchObject({ purposes: ['ad_matching'], channels: ['ads'] });
    expect(stop).not.toHaveProperty('recipient');
    expect(readStopLoosely(WITHDRAWN, { ...data, recipient: 'google' }, KNOWN)?.recipient).toBe(
      'google',
    );
  });

  it.each([
    ['a line end', 'taro@example.jp\r\n'],
    ['control characters', '\u0000\ttaro@example.jp\u0007'],
    ['the scheme of a link', 'mailto:taro@example.jp'],
    ['a display name', 'Taro Yamada <taro@example.jp>'],
  ])('reads an address in spite of %s around it', (_what, value) => {
    const taro = [{ kind: 'email', value: 'taro@example.jp' }];
    expect(readStopLoosely(SUSPENDED, { contacts: [{ kind: 'email', value }] })?.contacts).toEqual(
      taro,
    );
    expect(readStopLoosely(SUSPENDED, { contacts: [value] })?.contacts).toEqual(taro);
  });

  it('never throws, and keeps a readable subject of every malformed stop', () => {
    const junk = fc.dictionary(
      fc.constantFrom(
        'scope',
        'contacts',
        'purpose',
        'channels',
        'occurredAt',
        'evidence',
        'recipient',
        'category',
      ),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_TYPES.filter(isStopType)), junk, (type, data) => {
        expect(readStopLoosely(type, { ...data, subject })?.subject).toEqual(subject);
        readStopLoosely(type, data);
      }),
    );
  });

  it('is never narrower than the well-formed stop it was spoilt from', () => {
    const whole = {
      subject,
      purpose: 'info_product',
      channels: ['email', 'sms'],
      occurredAt: '2026-11-20T09:00:00+09:00',
    };
    const spoilt = fc.record(
      {
        purpose: fc.anything(),
        channels: fc.anything(),
        occurredAt: fc.anything(),
        evidence: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(spoilt, (change) => {
        const data = { ...whole, ...change };
        const head = {
          specversion: '1.0',
          id: '1',
          source: 'store',
          type: WITHDRAWN,
          time: whole.occurredAt,
        };
        fc.pre(!parseEvent(head, data).ok);
        const stop = readStopLoosely(WITHDRAWN, data);
        const covers = (list: readonly string[] | undefined, wanted: unknown) =>
          list?.includes('*') === true || JSON.stringify(list) === JSON.stringify([wanted].flat());
        expect(covers(stop?.purposes, data.purpose)).toBe(true);
        expect(covers(stop?.channels, data.channels)).toBe(true);
      }),
    );
  });
});
