import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { SANDBOX_CREDENTIALS, startSandbox } from '@kyoka/sandbox';
import { describe, expect, it } from 'vitest';
import {
  HASH,
  USER_LISTS,
  call,
  onGoogle,
  options,
  playEachTest,
  played,
  type Call,
  userList,
} from './played.js';

const { google } = SANDBOX_CREDENTIALS;

playEachTest();

describe('the control of the sandbox', () => {
  const control = (path: string, init: Call = {}) =>
    call(`${new URL(played.sandbox.urls.google).origin}/_sandbox/${path}`, init);

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
    const file = readFileSync(join(played.folder, 'journal.jsonl'), 'utf8');
    expect(file).toContain('digest-');
    expect(file).not.toMatch(
      new RegExp(`${HASH}|taro|${Buffer.from(HASH, 'hex').toString('base64')}`),
    );

    await played.sandbox.close();
    played.sandbox = await startSandbox(options());
    played.now += 1_000;
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
    const { hostname, port } = new URL(played.sandbox.urls.google);
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
    const port = Number(new URL(played.sandbox.urls.google).port);
    await expect(startSandbox({ ...options(), port })).rejects.toMatchObject({
      code: 'already_running',
    });
  });
});
