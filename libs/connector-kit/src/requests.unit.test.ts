import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Capabilities } from './capabilities.js';
import type { Member } from './connector.js';
import { identifiersOf, refuseRequest, rowsOf, splitIntoRequests } from './requests.js';

const confirmation = {
  basis: 'declared_time',
  processingTimeMs: 1,
  firstPollAfterMs: 1,
  pollBackoff: { factor: 1, maxMs: 1 },
  giveUpAfterMs: 1,
} as const;

function limits(
  maxPersonsPerRequest: number,
  maxIdentifiersPerPerson: number,
  personCountsAs: 'one' | 'rows',
): Capabilities {
  return {
    network: 'any',
    identifiers: ['email', 'phone'],
    maxPersonsPerRequest,
    maxIdentifiersPerPerson,
    personCountsAs,
    badRecord: 'counted',
    memberLifetimeDays: null,
    addConfirmation: confirmation,
    removalConfirmation: confirmation,
    quota: [],
    sendDeadlineMs: 1,
  };
}

const matchKey = fc
  .bigInt({ min: 0n, max: 2n ** 256n - 1n })
  .map((n) => n.toString(16).padStart(64, '0'));
const members = fc.array(
  fc
    .record({
      emails: fc.array(matchKey, { maxLength: 7 }),
      phones: fc.array(matchKey, { maxLength: 7 }),
    })
    .filter((member) => identifiersOf(member) > 0),
  { minLength: 1, maxLength: 30 },
);
const capabilities = fc.record({
  persons: fc.integer({ min: 3, max: 12 }),
  identifiers: fc.integer({ min: 1, max: 3 }),
  counts: fc.constantFrom('one' as const, 'rows' as const),
});

const keysOf = (all: readonly Member[], kind: 'emails' | 'phones') =>
  all.flatMap((member) => [...member[kind]]);

describe('splitting into requests', () => {
  it('loses no identifier, keeps their order, and makes nothing that would be refused', () => {
    fc.assert(
      fc.property(members, capabilities, (all, { persons, identifiers, counts }) => {
        const max = limits(persons, identifiers, counts);
        const requests = splitIntoRequests(all, max);
        for (const kind of ['emails', 'phones'] as const) {
          expect(keysOf(requests.flat(), kind)).toEqual(keysOf(all, kind));
        }
        for (const request of requests) expect(refuseRequest(request, max)).toBeUndefined();
      }),
    );
  });

  it('keeps what the caller hung on a member, also on the parts of one', () => {
    const [request] = splitIntoRequests(
      [{ emails: ['a', 'b', 'c'], phones: [], subject: 's1' }],
      limits(10, 2, 'one'),
    );
    expect(request?.map(({ subject }) => subject)).toEqual(['s1', 's1']);
  });

  it('fills requests to the limit', () => {
    const one = { emails: ['0'.repeat(64)], phones: [] };
    const sizes = splitIntoRequests(Array<Member>(7).fill(one), limits(3, 2, 'one'));
    expect(sizes.map((request) => request.length)).toEqual([3, 3, 1]);
    expect(splitIntoRequests([], limits(3, 2, 'one'))).toEqual([]);
  });
});

it('a row holds one identifier of each kind', () => {
  expect(rowsOf({ emails: ['a', 'b'], phones: ['c'] })).toBe(2);
  expect(rowsOf({ emails: [], phones: ['c'] })).toBe(1);
});
