import { createHash, createHmac, createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  SANDBOX_CREDENTIALS,
  startSandbox,
  type Sandbox,
  type SandboxOptions,
} from '@kyoka/sandbox';
import { afterEach, beforeEach } from 'vitest';

export const HASH = 'ab'.repeat(32);
export const OTHER = 'cd'.repeat(32);
const { google, meta } = SANDBOX_CREDENTIALS;

/** The sandbox of the running test, made anew for each, with a clock that stands still unless moved. */
export const played = {} as { sandbox: Sandbox; folder: string; now: number };

export const options = (): SandboxOptions => ({
  clock: () => played.now,
  folder: played.folder,
  digestKey: (value) =>
    `digest-${createHash('sha256').update(`key:${value}`).digest('hex').slice(0, 8)}`,
  timing: { googleProcessingMs: 1_000, metaProcessingMs: 1_000 },
});

/** Gives every test of the calling file a sandbox. */
export function playEachTest(): void {
  beforeEach(async () => {
    played.folder = mkdtempSync(join(tmpdir(), 'kyoka-sandbox-'));
    played.now = Date.parse('2026-11-22T01:00:00Z');
    played.sandbox = await startSandbox(options());
  });
  afterEach(async () => {
    await played.sandbox.close();
    rmSync(played.folder, { recursive: true });
  });
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export async function call(url: string, { method = 'GET', body, headers = {} }: Call) {
  const reply = await fetch(url, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: (text === '' ? undefined : JSON.parse(text)) as never };
}

export const onGoogle = (path: string, body?: unknown, token: string = google.token) =>
  call(`${played.sandbox.urls.google}/v1/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body }),
    headers: { authorization: `Bearer ${token}` },
  });

const PROOF = createHmac('sha256', createSecretKey(meta.appSecret, 'utf8'))
  .update(meta.token)
  .digest('hex');

export const onMeta = (method: string, path: string, body?: unknown, proof = PROOF) =>
  call(`${played.sandbox.urls.meta}/v25.0/${path}?appsecret_proof=${proof}`, {
    method,
    body,
    headers: { authorization: `Bearer ${meta.token}` },
  });

export const USER_LISTS = `accountTypes/GOOGLE_ADS/accounts/${google.accountId}/userLists`;
export const userList = (membershipDuration: string) => ({
  displayName: 'spring',
  membershipStatus: 'OPEN',
  membershipDuration,
  ingestedUserListInfo: {
    uploadKeyTypes: ['CONTACT_ID'],
    contactIdInfo: { dataSourceType: 'DATA_SOURCE_TYPE_FIRST_PARTY' },
  },
});
