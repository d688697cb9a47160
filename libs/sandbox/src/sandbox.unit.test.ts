import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectedAppSecretProof, SANDBOX_CREDENTIALS } from './credentials.js';
import { startSandbox, type Sandbox, type SandboxOptions } from './sandbox.js';

const HASH = 'ab'.repeat(32);
const OTHER = 'cd'.repeat(32);
const { google, meta } = SANDBOX_CREDENTIALS;

let folder: string;
let sandbox: Sandbox;
let now: number;

const options = (): SandboxOptions => ({
  clock: () => now,
  folder,
  digestKey: (value) =>
    `digest-${createHash('sha256').update(`key:${value}`).digest('hex').slice(0, 8)}`,
  timing: { googleProcessingMs: 1_000, metaProcessingMs: 1_000 },
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kyoka-sandbox-'));
  now = Date.parse('2026-11-22T01:00:00Z');
  sandbox = await startSandbox(options());
});
afterEach(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true });
});

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

async function call(url: string, { method = 'GET', body, headers = {} }: Call) {
  const reply = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
}

const onGoogle = (path: string, body?: unknown, token: string = google.token) =>
  call(`${sandbox.urls.google}/v1/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: { authorization: `Bearer ${token}` },
  });

const onMeta = (method: string, path: string, body?: unknown, proof = expectedAppSecretProof()) =>
  call(`${sandbox.urls.meta}/v25.0/${path}?appsecret_proof=${proof}`, {
    method,
    body,
    headers: { authorization: `Bearer ${meta.token}` },
  });

const USER_LISTS = `accountTypes/GOOGLE_ADS/accounts/${google.accountId}/userLists`;
const userList = (membershipDuration: string) => ({
  displayName: 'spring',
  membershipStatus: 'OPEN',
  membershipDuration,
  ingestedUserListInfo: {
    uploadKeyTypes: ['CONTACT_ID'],
    contactIdInfo: { dataSourceType: 'DATA_SOURCE_TYPE_FIRST_PARTY' },
  },
});

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
    now += 1_000;
    expect(sandbox.lists()[0]?.members).toEqual([]);
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
    now += 1_000;
    expect(sandbox.lists()[0]?.members).toEqual([]);
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
    now += 60_000;
    const statuses = [];
    for (let at = 0; at < 301; at += 1) statuses.push((await onGoogle(poll)).status);
    expect(statuses.filter((status) => status === 429)).toHaveLength(1);
    // Uploads count apart: this one is let in, and refused for what it lacks.
    expect((await onGoogle('audienceMembers:remove', {})).status).toBe(400);
    now += 60_000;
    expect((await onGoogle(poll)).status).toBe(400);
  });
});

describe('Meta as played', () => {
  const account = `act_${meta.adAccountId}/customaudiences`;
  const create = (name: string) =>
    onMeta('POST', account, {
      name,
      subtype: 'CUSTOM',
      customer_file_source: 'USER_PROVIDED_ONLY',
    });
  const users = (data: string[][], session_id = 1, batch_seq = 1) => ({
    payload: { schema: ['EMAIL', 'PHONE'], data },
    session: { session_id, batch_seq, last_batch_flag: true, estimated_num_total: data.length },
  });

  it('counts the rows it cannot use and quotes them', async () => {
    const { id } = (await create('spring')).body as { id: string };
    const rows = [
      [HASH, OTHER],
      [HASH, ''],
      ['', ''],
      ['taro@example.jp', ''],
      [HASH.toUpperCase(), ''],
      [HASH],
    ];
    expect(await onMeta('POST', `${id}/users`, users(rows))).toMatchObject({
      status: 200,
      body: {
        audience_id: id,
        session_id: '1',
        num_received: 6,
        num_invalid_entries: 4,
        invalid_entry_samples: { 'taro@example.jp,': ['taro@example.jp', ''] },
      },
    });
    now += 1_000;
    expect(sandbox.lists()[0]?.members).toHaveLength(2);
  });

  it('refuses more than 10,000 rows, a session that is over, and a schema it does not know', async () => {
    const { id } = (await create('spring')).body as { id: string };
    const path = `${id}/users`;
    const many = Array<string[]>(10_001).fill([HASH, '']);
    expect((await onMeta('POST', path, users(many))).status).toBe(400);
    expect((await onMeta('DELETE', path, users([[HASH, '']], 7))).status).toBe(200);
    expect((await onMeta('DELETE', path, users([[HASH, '']], 7))).body).toMatchObject({
      error: { code: 2650, error_subcode: 1870159 },
    });
    expect((await onMeta('DELETE', path, users([[HASH, '']], 7, 2))).body).toMatchObject({
      error: { code: 2650, error_subcode: 1870159 },
    });
    const named = { ...users([[HASH]], 8), payload: { schema: ['EXTERN_ID'], data: [['c-1']] } };
    expect((await onMeta('POST', path, named)).status).toBe(400);
  });

  it('blocks an audience whose name hints at health or money', async () => {
    const { id } = (await create('Diabetes 2026')).body as { id: string };
    expect((await onMeta('POST', `${id}/users`, users([[HASH, '']]))).body).toMatchObject({
      error: { code: 100, error_subcode: 1713230 },
    });
  });

  it('lets nobody in without the proof that goes with the token', async () => {
    expect(await onMeta('GET', account, undefined, 'f'.repeat(64))).toMatchObject({
      status: 401,
      body: { error: { code: 190 } },
    });
  });

  it('knows no audience of another network or of nobody', async () => {
    await onGoogle(USER_LISTS, userList('2592000s'));
    const other = sandbox.lists()[0]?.id;
    expect((await onMeta('POST', `${other}/users`, users([[HASH, '']]))).status).toBe(400);
  });
});

describe('the control of the sandbox', () => {
  const control = (path: string, init: Call = {}) =>
    call(`${new URL(sandbox.urls.google).origin}/_sandbox/${path}`, init);

  it('takes faults over HTTP and refuses what is none', async () => {
    const fault = { network: 'google', kind: '500', op: 'list' };
    expect((await control('faults', { method: 'POST', body: fault })).status).toBe(201);
    expect(await control('faults', { method: 'POST', body: { ...fault, kind: 'fire' } })).toEqual({
      status: 400,
      body: { fields: ['kind'] },
    });
    expect((await onGoogle(USER_LISTS)).status).toBe(500);
    expect((await onGoogle(USER_LISTS)).status).toBe(200);
    await control('faults', { method: 'POST', body: { ...fault, count: 9 } });
    expect((await control('faults')).body).toMatchObject({ faults: [{ kind: '500', count: 9 }] });
    await control('faults', { method: 'DELETE' });
    expect((await onGoogle(USER_LISTS)).status).toBe(200);
  });

  it('shows journal and lists with digests only, and keeps them over a restart', async () => {
    const { id } = (await onGoogle(USER_LISTS, userList('2592000s'))).body as { id: string };
    const body = (key: string) => ({
      destinations: [
        {
          operatingAccount: { accountType: 'GOOGLE_ADS', accountId: google.accountId },
          productDestinationId: id,
        },
      ],
      audienceMembers: [
        { compositeData: { userData: { userIdentifiers: [{ emailAddress: key }] } } },
      ],
      encoding: 'HEX',
      consent: { adUserData: 'CONSENT_GRANTED', adPersonalization: 'CONSENT_GRANTED' },
      termsOfService: { customerMatchTermsOfServiceStatus: 'ACCEPTED' },
    });
    await onGoogle('audienceMembers:ingest', body(HASH));
    await onGoogle('audienceMembers:ingest', body('taro@example.jp'));

    const { entries } = (await control('journal?after=1')).body as { entries: object[] };
    expect(entries).toMatchObject([
      {
        seq: 2,
        op: 'add',
        outcome: 'taken',
        members: [{ emails: [expect.stringMatching(/^digest-/)] }],
      },
      { seq: 3, op: 'add', outcome: 'refused', code: 'INVALID_HEX_ENCODING' },
    ]);
    const file = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
    expect(file).toContain('digest-');
    expect(file).not.toMatch(
      new RegExp(`${HASH}|taro|${Buffer.from(HASH, 'hex').toString('base64')}`),
    );

    await sandbox.close();
    sandbox = await startSandbox(options());
    now += 1_000;
    expect((await control('lists')).body).toMatchObject({
      lists: [
        {
          id,
          name: 'spring',
          members: [{ kind: 'email', digest: expect.stringMatching(/^digest-/) }],
        },
      ],
    });
    expect((await control('journal?after=-1')).status).toBe(400);
  });

  it('answers under the names of this machine only', async () => {
    const { hostname, port } = new URL(sandbox.urls.google);
    const request = get({
      hostname,
      port,
      path: '/_sandbox/lists',
      headers: { host: 'evil.example' },
    });
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    reply.resume();
    expect(reply.statusCode).toBe(403);
  });

  it('listens on loopback only, and says when its port is taken', async () => {
    await expect(startSandbox({ ...options(), host: '0.0.0.0' })).rejects.toMatchObject({
      code: 'config_invalid',
    });
    const port = Number(new URL(sandbox.urls.google).port);
    await expect(startSandbox({ ...options(), port })).rejects.toMatchObject({
      code: 'already_running',
    });
  });
});
