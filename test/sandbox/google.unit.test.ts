import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { beforeEach, describe, expect, it } from 'vitest';
import { HASH, USER_LISTS, onGoogle, playEachTest, played, userList } from './played.js';

const { google } = SANDBOX_CREDENTIALS;

playEachTest();

describe('Google as played', () => {
  let list: string;
  beforeEach(async () => {
    const made = await onGoogle(USER_LISTS, userList('2592000s'));
    ({ id: list } = made.body as { id: string });
  });

  const members = (...identifiers: object[][]) =>
    identifiers.map((userIdentifiers) => ({ compositeData: { userData: { userIdentifiers } } }));
  const remove = (audienceMembers: object[], more: object = {}) => ({
    destinations: [
      {
        operatingAccount: { accountType: 'GOOGLE_ADS', accountId: google.accountId },
        productDestinationId: list,
      },
    ],
    audienceMembers,
    encoding: 'HEX',
    ...more,
  });
  const ingest = (audienceMembers: object[], more: object = {}) =>
    remove(audienceMembers, {
      consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
      termsOfService: { customerMatchTermsOfServiceStatus: 'ACCEPTED' },
      ...more,
    });
  const email = (emailAddress: string) => [{ emailAddress }];
  const LONG = 'audience_members.audience_members[1].user_data.user_identifiers';

  it.each([
    ['no hex', email('taro@example.jp'), 'INVALID_HEX_ENCODING', LONG],
    ['upper case', email(HASH.toUpperCase()), 'INVALID_HEX_ENCODING', LONG],
    [
      'an MD5',
      email('ab'.repeat(16)),
      'INVALID_SHA256_FORMAT',
      'audience_members.audience_members[1]',
    ],
    ['nobody', [], 'INVALID_FORMAT', 'audience_members[1]'],
    [
      'eleven identifiers',
      Array(11).fill({ emailAddress: HASH }),
      'TOO_MANY_USER_IDENTIFIERS',
      'audience_members[1]',
    ],
  ])('refuses a whole request for one record of %s', async (_, identifiers, reason, field) => {
    const all = members(email(HASH), identifiers as object[]);
    const refused = await onGoogle('audienceMembers:ingest', ingest(all));
    expect(refused).toMatchObject({
      status: 400,
      body: {
        error: {
          status: 'INVALID_ARGUMENT',
          details: [{ reason }, { fieldViolations: [{ field, reason }] }],
        },
      },
    });
    played.now += 1_000;
    expect(played.sandbox.lists()[0]?.members).toEqual([]);
  });

  it.each([
    [
      'terms',
      () =>
        ingest(members(email(HASH)), {
          termsOfService: { customerMatchTermsOfServiceStatus: 'REJECTED' },
        }),
      403,
    ],
    ['no terms', () => remove(members(email(HASH))), 400],
    ['no encoding', () => ({ ...ingest(members(email(HASH))), encoding: undefined }), 400],
    ['an unknown field', () => ingest(members(email(HASH)), { customerId: 'c-1' }), 400],
    ['nobody', () => ingest([]), 400],
    ['too many', () => ingest(members(...Array<object[]>(10_001).fill(email(HASH)))), 400],
  ])('refuses an addition for %s', async (_, body, status) => {
    expect((await onGoogle('audienceMembers:ingest', body())).status).toBe(status);
  });

  it('refuses a removal that states consent, as the service definition has none there', async () => {
    const body = ingest(members(email(HASH)));
    expect((await onGoogle('audienceMembers:remove', body)).status).toBe(400);
  });

  it('gives no effect to an addition of people who denied consent', async () => {
    const consent = { adUserData: 'CONSENT_DENIED', adPersonalization: 'CONSENT_DENIED' };
    const taken = await onGoogle(
      'audienceMembers:ingest',
      ingest(members(email(HASH)), { consent }),
    );
    const { requestId } = taken.body as { requestId: string };
    played.now += 1_000;
    expect(played.sandbox.lists()[0]?.members).toEqual([]);
    expect((await onGoogle(`requestStatus:retrieve?requestId=${requestId}`)).body).toMatchObject({
      requestStatusPerDestination: [{ requestStatus: 'FAILED' }],
    });
  });

  it.each([
    ['no whole day', '100s'],
    ['nothing', '0s'],
    ['beyond 540 days', `${541 * 86_400}s`],
  ])('refuses a list whose members stay for %s', async (_, duration) => {
    const body = { ...userList(duration), displayName: 'other' };
    expect((await onGoogle(USER_LISTS, body)).status).toBe(400);
  });

  it('refuses a second list of the same name, and lists of another account', async () => {
    expect((await onGoogle(USER_LISTS, userList('2592000s'))).status).toBe(400);
    const body = remove(members(email(HASH)), {
      destinations: [
        {
          operatingAccount: { accountType: 'GOOGLE_ADS', accountId: '9' },
          productDestinationId: list,
        },
      ],
    });
    expect((await onGoogle('audienceMembers:remove', body)).status).toBe(400);
  });

  it('lets nobody in without its token, and 300 requests a minute', async () => {
    const poll = 'requestStatus:retrieve?requestId=none';
    expect((await onGoogle(poll, undefined, 'other')).status).toBe(401);
    played.now += 60_000;
    const statuses = [];
    for (let at = 0; at < 301; at += 1) statuses.push((await onGoogle(poll)).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    // Uploads count apart: this one is let in, and refused for what it lacks.
    expect((await onGoogle('audienceMembers:remove', {})).status).toBe(400);
    played.now += 60_000;
    expect((await onGoogle(poll)).status).toBe(400);
  });
});
