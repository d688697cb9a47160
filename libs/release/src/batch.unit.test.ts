import { describe, expect, it } from 'vitest';
import { attemptOf, firstRequest } from './batch.js';
import type { Member } from './tables/member-table.js';
import { capabilitiesForTests } from './capabilities.test.js';

const member = (subjectId: string, kind: 'email' | 'phone', name: string): Member => ({
  audienceId: 'a',
  subjectId,
  kind,
  token: Buffer.from(name),
  fold: Buffer.from(name),
  state: 'wanted',
  runId: 'run',
  attemptId: null,
  tries: 0,
  heldSince: undefined,
});
const names = (records: Member[][]) =>
  records.map((record) => record.map((one) => one.token.toString()));

describe('the first request', () => {
  it('has a record for each person, with their contact points', () => {
    const members = [
      member('s1', 'email', 'e1'),
      member('s1', 'phone', 'p1'),
      member('s2', 'email', 'e2'),
    ];
    expect(names(firstRequest(members, capabilitiesForTests()))).toEqual([['e1', 'p1'], ['e2']]);
  });

  it('takes no more people than the network does', () => {
    const members = ['1', '2', '3'].map((name) => member(name, 'email', name));
    const records = firstRequest(members, capabilitiesForTests({ maxPersonsPerRequest: 2 }));
    expect(names(records)).toEqual([['1'], ['2']]);
  });

  it('divides a person with more contact points than the network takes for one', () => {
    const members = ['1', '2', '3'].map((name) => member('s', 'email', name));
    const records = firstRequest(members, capabilitiesForTests({ maxIdentifiersPerPerson: 2 }));
    expect(names(records)).toEqual([['1', '2'], ['3']]);
  });

  it('is empty for nobody', () => {
    expect(firstRequest([], capabilitiesForTests())).toEqual([]);
  });
});

describe('an attempt', () => {
  it('keeps the place of each contact point, and ends with the deadline', () => {
    const records = [
      [member('s1', 'email', 'e1'), member('s1', 'phone', 'p1')],
      [member('s2', 'email', 'e2')],
    ];
    const attempt = attemptOf('a', records, 1_000, capabilitiesForTests());
    expect(attempt).toMatchObject({ op: 'add', persons: 2, gateAt: 1_000, deadlineAt: 31_000 });
    expect(attempt.items.map(({ position, kind }) => [position, kind])).toEqual([
      [0, 'email'],
      [0, 'phone'],
      [1, 'email'],
    ]);
  });
});
