import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  EVENT_DATA,
  EVENT_TYPES,
  isStopType,
  parseBody,
  decisionRequest,
  parseEvent,
  TOPIC_OF_TYPE,
} from './index.js';

const attributes = {
  specversion: '1.0',
  id: 'e-1',
  source: 'store',
  type: 'jp.kyoka.consent.granted.v1',
  time: '2026-11-20T09:12:40+09:00',
};
const grant = {
  subject: { source: 'store', ref: 'c-10293' },
  category: 'member',
  contacts: [{ kind: 'email', value: 'taro@example.jp' }],
  purpose: 'info_product',
  channels: ['email', 'sms'],
  occurredAt: '2026-11-20T09:12:33+09:00',
  policyVersion: 'almado@1',
  evidence: { id: 'ev-77', form: 'checkout-optin', actor: 'subject' },
};
const faultsFor = (data: unknown, head: unknown = attributes) => {
  const parsed = parseEvent(head, data);
  if (parsed.ok || parsed.kind !== 'malformed') throw new Error('expected a malformed event');
  return parsed.faults;
};

describe('parseEvent', () => {
  it('takes a grant and drops fields that the contract does not name', () => {
    const parsed = parseEvent(
      { ...attributes, myextension: 'x' },
      { ...grant, later: 1, evidence: { ...grant.evidence, ip: '203.0.113.9' } },
    );
    expect(parsed).toEqual({ ok: true, event: { ...attributes, data: grant } });
  });

  it.each([
    ['no longer a text', { purpose: 7 }, 'data.purpose'],
    ['a grant of everything', { purpose: '*' }, 'data.purpose'],
    ['a grant on every channel', { channels: ['*'] }, 'data.channels[0]'],
    ['a time without offset', { occurredAt: '2026-11-20T09:12:33' }, 'data.occurredAt'],
    ['a year PostgreSQL cannot hold', { occurredAt: '0000-01-01T00:00:00Z' }, 'data.occurredAt'],
    ['a NUL in a text', { subject: { source: 'store', ref: 'c\u0000' } }, 'data.subject.ref'],
    ['a lone surrogate', { subject: { source: 'store', ref: 'c\ud800' } }, 'data.subject.ref'],
    [
      'value and sealed at once',
      { contacts: [{ kind: 'email', value: 'a@example.jp', sealed: 'a..b.c.d' }] },
      'data.contacts[0]',
    ],
    ['neither value nor sealed', { contacts: [{ kind: 'email' }] }, 'data.contacts[0]'],
    [
      'an unknown kind of contact',
      { contacts: [{ kind: 'fax', value: '1' }] },
      'data.contacts[0].kind',
    ],
    [
      'a value that is too long',
      { contacts: [{ kind: 'email', value: 'a'.repeat(1025) }] },
      'data.contacts[0].value',
    ],
    ['too many contacts', { contacts: Array(21).fill(grant.contacts[0]) }, 'data.contacts'],
    [
      'ads among other channels',
      { channels: ['ads', 'email'], recipient: 'google' },
      'data.channels',
    ],
    ['ads without a recipient', { channels: ['ads'] }, 'data.recipient'],
    ['a recipient without ads', { recipient: 'google' }, 'data.recipient'],
    [
      'an actor outside the list',
      { evidence: { id: 'ev', actor: 'robot' } },
      'data.evidence.actor',
    ],
  ])('refuses %s and names the field', (_why, change, field) => {
    expect(faultsFor({ ...grant, ...change }).map((fault) => fault.field)).toEqual([field]);
  });

  it.each([
    ['specversion', { specversion: '0.3' }],
    ['id', { id: '' }],
    ['time', { time: 'yesterday' }],
    ['kyokamac', { kyokamac: 'short' }],
    ['type', { type: undefined }],
  ])('names a wrong attribute: %s', (field, change) => {
    expect(faultsFor(grant, { ...attributes, ...change }).map((fault) => fault.field)).toEqual([
      field,
    ]);
  });

  it('tells an unknown type before it looks at anything else', () => {
    expect(parseEvent({ type: 'jp.kyoka.parcel.opened.v1' }, undefined)).toEqual({
      ok: false,
      kind: 'unknown_type',
    });
    expect(parseEvent({ ...attributes, type: 'toString' }, grant)).toEqual({
      ok: false,
      kind: 'unknown_type',
    });
  });

  it('repeats nothing that was sent, whatever it is', () => {
    const canary = 'CANARY-7f3a';
    const planted = fc.object({
      key: fc.oneof(fc.constantFrom(canary, ...Object.keys(grant)), fc.string()),
      values: [fc.constantFrom(canary, 1, null, true)],
    });
    fc.assert(
      fc.property(planted, planted, fc.constantFrom(...EVENT_TYPES), (data, head, type) => {
        expect(
          JSON.stringify(parseEvent({ ...head, type }, { ...data, [canary]: canary })),
        ).not.toContain(canary);
      }),
    );
  });

  it('knows a topic and a schema for every type', () => {
    expect(Object.keys(EVENT_DATA)).toEqual(EVENT_TYPES);
    expect(Object.keys(TOPIC_OF_TYPE)).toEqual(EVENT_TYPES);
    expect(EVENT_TYPES.filter(isStopType)).toHaveLength(9);
    expect(isStopType('constructor')).toBe(false);
  });
});

describe('parseBody', () => {
  const question = {
    policy: 'almado@1',
    subject: { id: 's1' },
    request: { purpose: 'order', channel: 'email' },
  };

  it.each(['facts', 'actor', 'use'])('refuses a decision that brings its own %s', (field) => {
    expect(parseBody(decisionRequest, { ...question, [field]: {} })).toEqual({
      ok: false,
      faults: [{ field: '', expected: 'no other fields' }],
    });
  });

  it('leaves unknown names to the decision', () => {
    const asked = { ...question, policy: 'nobody@9', request: { purpose: '?', channel: 'telex' } };
    expect(parseBody(decisionRequest, asked)).toEqual({ ok: true, value: asked });
  });

  it('takes one selector of a subject only', () => {
    const parsed = parseBody(decisionRequest, {
      ...question,
      subject: { id: 's1', source: 'store', ref: 'c-1' },
    });
    expect(parsed).toMatchObject({ ok: false, faults: [{ field: 'subject' }] });
  });
});
