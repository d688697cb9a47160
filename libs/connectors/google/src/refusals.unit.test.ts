import { describe, expect, it } from 'vitest';
import { readRefusal } from './refusals.js';

const TYPE = 'type.googleapis.com/google.rpc';
const HASH = 'ab'.repeat(32);

function refusal(status: string, reason?: string, fields: [field: string, reason?: string][] = []) {
  const fieldViolations = fields.map(([field, why]) => ({
    field,
    ...(why === undefined ? {} : { reason: why }),
    description: `The value ${HASH} is not valid.`,
  }));
  return {
    error: {
      code: 400,
      status,
      message: `Bad value ${HASH}`,
      details: [
        ...(reason === undefined ? [] : [{ '@type': `${TYPE}.ErrorInfo`, reason, domain: 'x' }]),
        { '@type': `${TYPE}.RequestInfo`, requestId: 'r1' },
        ...(fields.length > 0 ? [{ '@type': `${TYPE}.BadRequest`, fieldViolations }] : []),
      ],
    },
  };
}

const LONG = 'audience_members.audience_members[2].user_data.user_identifiers';

describe('a refusal of Google', () => {
  it.each([
    [
      'a bad record, long spelling',
      refusal('INVALID_ARGUMENT', 'INVALID_HEX_ENCODING', [[LONG]]),
      [2],
    ],
    [
      'a bad record, middle spelling',
      refusal('INVALID_ARGUMENT', 'INVALID_SHA256_FORMAT', [
        ['audience_members.audience_members[0]'],
      ]),
      [0],
    ],
    [
      'several, repeated and unordered, short spelling',
      refusal('INVALID_ARGUMENT', undefined, [
        ['audience_members[4]', 'INVALID_FORMAT'],
        ['audience_members[1]', 'INVALID_FORMAT'],
        ['audience_members[4]', 'INVALID_FORMAT'],
      ]),
      [1, 4],
    ],
    [
      'one beyond what was sent beside one within',
      refusal('INVALID_ARGUMENT', 'INVALID_FORMAT', [
        ['audience_members[99]'],
        ['audience_members[3]'],
      ]),
      [3],
    ],
  ])('names the offenders: %s', (_, body, offenders) => {
    expect(readRefusal(body, 5, undefined)).toEqual({
      kind: 'rejected',
      code: 'bad_record',
      retry: 'after_change',
      offenders,
    });
  });

  it.each([
    ['names nobody', refusal('INVALID_ARGUMENT', 'INVALID_FORMAT', [['encoding']]), 'bad_request'],
    [
      'is about the list, though its field names a member',
      refusal('INVALID_ARGUMENT', undefined, [['audience_members[0]', 'INVALID_USER_LIST_TYPE']]),
      'list_unusable',
    ],
    [
      'is about the list and about a record: the list comes first',
      refusal('INVALID_ARGUMENT', 'INVALID_USER_LIST_ID', [
        ['audience_members[0]', 'INVALID_FORMAT'],
      ]),
      'list_unusable',
    ],
    ['too many', refusal('INVALID_ARGUMENT', 'TOO_MANY_AUDIENCE_MEMBERS'), 'too_many'],
    [
      'terms',
      refusal('PERMISSION_DENIED', 'TERMS_AND_CONDITIONS_NOT_SIGNED'),
      'terms_not_accepted',
    ],
    ['not on the list', refusal('PERMISSION_DENIED', 'NOT_ALLOWLISTED'), 'not_permitted'],
    ['a reason nobody listed', refusal('INVALID_ARGUMENT', 'SOMETHING_NEW'), 'bad_request'],
    ['a stale token', refusal('UNAUTHENTICATED'), 'reauthorise'],
    ['quota', refusal('RESOURCE_EXHAUSTED'), 'rate_limited'],
    ['a lock', refusal('ABORTED'), 'busy'],
  ])('that %s', (_, body, code) => {
    expect(readRefusal(body, 5, 9)).toMatchObject({ kind: 'rejected', code, retryAfterMs: 9 });
  });

  it.each([
    ['a status nobody listed', refusal('CANCELLED'), 'unlisted_refusal'],
    ['a status that may come after taking', refusal('DEADLINE_EXCEEDED'), 'unlisted_refusal'],
    ['another shape', { error: 'no' }, 'reply_unreadable'],
    ['a list', [], 'reply_unreadable'],
    ['nothing', null, 'reply_unreadable'],
  ])('leaves it open after %s', (_, body, code) => {
    expect(readRefusal(body, 5, undefined)).toEqual({ kind: 'unknown', code });
  });

  it('keeps no value that it quotes', () => {
    const body = refusal('INVALID_ARGUMENT', HASH, [[`audience_members[0].${HASH}`, HASH]]);
    expect(JSON.stringify(readRefusal(body, 5, undefined))).not.toContain(HASH);
  });
});
