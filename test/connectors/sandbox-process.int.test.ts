import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, spawnModule } from '@kyoka/testing';
import { expect, it, onTestFinished } from 'vitest';

it('the sandbox runs as a process of its own, keeps its lists and ends cleanly', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kyoka-sandbox-process-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const env = {
    KYOKA_SANDBOX_PORT: String(port),
    KYOKA_DATA_DIR: join(folder, 'data'),
    KYOKA_KEY_DIR: join(folder, 'keys'),
    KYOKA_SANDBOX_DIR: join(folder, 'sandbox'),
  };
  const module = new URL('../../apps/sandbox/src/main.ts', import.meta.url);
  const lists = async () => (await fetch(`${address}/_sandbox/lists`)).json();
  const health = async (which: string) => (await fetch(`${address}/health/${which}`)).json();

  const first = await spawnModule(module, { env });
  expect(await eventually('the sandbox answers', lists)).toEqual({ lists: [] });
  expect(await health('live')).toEqual({ status: 'ok', checks: {} });
  expect(await health('ready')).toEqual({ status: 'ok', checks: { journal: 'ok' } });
  const made = await fetch(
    `${address}/google/v1/accountTypes/GOOGLE_ADS/accounts/1112223333/userLists`,
    {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer sandbox-google-token',
      },
      body: JSON.stringify({
        displayName: 'spring',
        membershipStatus: 'OPEN',
        membershipDuration: '2592000s',
        ingestedUserListInfo: {
          uploadKeyTypes: ['CONTACT_ID'],
          contactIdInfo: { dataSourceType: 'DATA_SOURCE_TYPE_FIRST_PARTY' },
        },
      }),
    },
  );
  expect(made.status).toBe(200);
  first.signal('SIGTERM');
  expect(await first.ended).toEqual({ code: 0, signal: null });

  const second = await spawnModule(module, { env });
  expect(await eventually('the sandbox answers again', lists)).toMatchObject({
    lists: [{ network: 'google', name: 'spring' }],
  });
  second.signal('SIGTERM');
  expect(await second.ended).toEqual({ code: 0, signal: null });
});
