import { describe, expect, it } from 'vitest';
import type { PersonDecision } from './ports.js';
import { allowedKeys, countReasons, mustLeave, outOfPermission } from './reconcile.js';
import type { Member } from './tables/member-table.js';

const token = (name: string) => Buffer.from(name);

const allowed = (subjectId: string, ...emails: string[]): PersonDecision => ({
  subjectId,
  allowed: true,
  reasons: [],
  evidence: [],
  policy: 'p@1',
  contacts: emails.map((name) => ({ kind: 'email', token: token(name) })),
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

describe('who must leave', () => {
  it.each<[string, PersonDecision | undefined, boolean]>([
    ['nobody decided about', undefined, true],
    ['allowed', allowed('s'), false],
    ['frozen', refused('s', 'frozen'), false],
    ['frozen and the recipient is off', refused('s', 'frozen', 'recipient_disabled'), false],
    ['frozen and stopped', refused('s', 'frozen', 'suppressed_suspension'), true],
    ['refused without a reason', refused('s'), true],
  ])('%s', (_, decision, leaves) => {
    expect(mustLeave(decision)).toBe(leaves);
  });

  it('is told contact point by contact point', () => {
    const members = [
      member('kept', '1'),
      member('kept', 'lost'),
      member('stopped', '2'),
      member('frozen', '3'),
      member('undecided', '4'),
    ];
    const out = outOfPermission(members, [
      allowed('kept', '1'),
      refused('stopped', 'consent_withdrawn'),
      refused('frozen', 'frozen'),
    ]);
    expect(out.map((one) => one.token.toString())).toEqual(['lost', '2', '4']);
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
