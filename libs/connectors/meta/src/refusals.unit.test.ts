import { MINUTE } from '@kyoka/kernel';
import { describe, expect, it } from 'vitest';
import { readRefusal, usageWaitMs } from './refusals.js';

const error = (code: unknown, error_subcode?: unknown) => ({
  error: { message: 'quotes what was sent', type: 'OAuthException', code, error_subcode },
});

describe('a refusal of Meta', () => {
  it.each([
    ['a blocked audience', error(100, 1713230), 'list_unusable', 'after_change'],
    ['a bad parameter', error(100), 'bad_request', 'never'],
    ['a subcode nobody listed', error(100, 1), 'bad_request', 'never'],
    ['a token', error(190, 463), 'reauthorise', 'after_change'],
    ['terms', error(200, 1870090), 'terms_not_accepted', 'after_change'],
    ['permission', error(200, 1870050), 'not_permitted', 'after_change'],
    ['terms of another kind', error(2663), 'terms_not_accepted', 'after_change'],
    ['an old version', error(2635), 'version_unsupported', 'after_change'],
    ['a replacement under way', error(2650, 1870145), 'busy', 'backoff'],
    ['throttling of the app', error(4), 'rate_limited', 'backoff'],
    ['throttling of the account', error(80003), 'rate_limited', 'backoff'],
    ['a deleted audience', error(1487366), 'list_unusable', 'after_change'],
    ['a deleted audience, as a subcode', error(100, 1487366), 'list_unusable', 'after_change'],
  ])('of %s', (_, body, code, retry) => {
    expect(readRefusal(body, undefined)).toEqual({ kind: 'rejected', code, retry });
  });

  it.each([
    ['a passing fault', error(2), 'unlisted_refusal'],
    ['a code nobody listed', error(31337), 'unlisted_refusal'],
    ['a name of every object', error('constructor'), 'reply_unreadable'],
    ['another shape', { error: 'no' }, 'reply_unreadable'],
  ])('leaves it open after %s', (_, body, code) => {
    expect(readRefusal(body, undefined)).toEqual({ kind: 'unknown', code });
  });
});

it.each([
  ['absent', undefined, undefined],
  ['minutes', '{"1":[{"type":"custom_audience","estimated_time_to_regain_access":3}]}', 3 * MINUTE],
  [
    'the longest of several, capped',
    '{"1":[{"estimated_time_to_regain_access":1}],"2":[{"estimated_time_to_regain_access":600}]}',
    10 * MINUTE,
  ],
  ['no wait', '{"1":[{"estimated_time_to_regain_access":0}]}', undefined],
  ['broken', '{', undefined],
  ['of another shape', '[]', undefined],
  ['too long to read', `{"1":[]}${' '.repeat(9_000)}`, undefined],
])('reads a usage header that is %s', (_, header, wait) => {
  expect(usageWaitMs(header)).toBe(wait);
});
