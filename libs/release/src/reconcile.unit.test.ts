import { describe, expect, it } from 'vitest';
import type { PersonDecision } from './ports.js';
import { allowedKeys, countReasons, outOfPermission } from './reconcile.js';
import type { Member } from './tables/member-table.js';

const token = (name: string) => Buffer.from(name);

const allowed = (subjectId: string, ...emails: string[]): PersonDecision => ({
  subjectId,
  allowed: true,
  reasons: [],
  evidence: [],
  policy: 'p@1',
  contacts: emails.map((name) => ({ kind: 'email', token: token(name) })),
  refusedContacts: [],
});
const refused = (subjectId: string, ...codes: string[]): PersonDecision => ({
  ...allowed(subjectId),
  allowed: false,
  reasons: codes.map((code) => ({ code })),
});
const member = (subjectId: string, name: string): Member => ({
  audienceId: 'a',
  subjectId,
  kind: 'email',
  token: token(name),
  fold: token(name),
  state: 'held',
  runId: null,
  attemptId: null,
  tries: 0,
  heldSince: 0,
});

/** A contact point against which there is this. */
const against = (name: string, ...codes: string[]) => ({
  kind: 'email',
  token: token(name),
  reasons: codes.map((code) => ({ code })),
});

const leaving = (members: Member[], decisions: PersonDecision[]) =>
  outOfPermission(members, decisions).map((one) => one.token.toString());

describe('who must leave', () => {
  it.each<[string, PersonDecision | undefined, boolean]>([
    ['nobody decided about', undefined, true],
    ['allowed', allowed('s', 'x'), false],
    ['frozen', { ...refused('s'), refusedContacts: [against('x', 'frozen')] }, false],
    [
      'frozen and the recipient is off',
      { ...refused('s'), refusedContacts: [against('x', 'frozen', 'recipient_disabled')] },
      false,
    ],
    [
      'frozen and stopped',
      { ...refused('s'), refusedContacts: [against('x', 'frozen', 'suppressed_suspension')] },
      true,
    ],
    ['refused without a reason', { ...refused('s'), refusedContacts: [against('x')] }, true],
    ['no contact point of the person any more', refused('s', 'frozen'), true],
  ])('%s', (_, decision, leaves) => {
    expect(leaving([member('s', 'x')], decision ? [decision] : [])).toEqual(leaves ? ['x'] : []);
  });

  it('is told by what is against the contact point itself, whatever is said of the others', () => {
    const members = ['allowed', 'frozen', 'lost'].map((name) => member('s', name));
    const refusedContacts = [against('frozen', 'frozen'), against('lost', 'contact_relay')];
    expect(leaving(members, [{ ...allowed('s', 'allowed'), refusedContacts }])).toEqual(['lost']);
    expect(leaving(members.slice(1), [{ ...refused('s', 'frozen'), refusedContacts }])).toEqual([
      'lost',
    ]);
  });
});

describe('the contact points that decisions allow', () => {
  it('are those of allowed people that a network matches', () => {
    const decision = {
      ...allowed('s', '1'),
      contacts: [
        { kind: 'email', token: token('1') },
        { kind: 'postal', token: token('2') },
      ],
    };
    const keys = allowedKeys([
      decision,
      { ...refused('t', 'frozen'), contacts: decision.contacts },
    ]);
    expect([...keys.values()]).toEqual([{ subjectId: 's', kind: 'email', token: token('1') }]);
  });
});

describe('refusals counted by reason', () => {
  const people = [
    refused('1', 'consent_missing', 'frozen'),
    refused('2', 'frozen', 'frozen'),
    refused('3'),
  ];
  it('first: each person once', () => {
    expect(countReasons(people, 'first')).toEqual({ consent_missing: 1, frozen: 1 });
  });
  it('any: each person once under every reason', () => {
    expect(countReasons(people, 'any')).toEqual({ consent_missing: 1, frozen: 2 });
  });
});
