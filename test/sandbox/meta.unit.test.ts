import { SANDBOX_CREDENTIALS } from '@kyoka/sandbox';
import { describe, expect, it } from 'vitest';
import {
  HASH,
  OTHER,
  USER_LISTS,
  onGoogle,
  onMeta,
  playEachTest,
  played,
  userList,
} from './played.js';

const { meta } = SANDBOX_CREDENTIALS;

playEachTest();

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
    played.now += 1_000;
    expect(played.sandbox.lists()[0]?.members).toHaveLength(2);
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
    const other = played.sandbox.lists()[0]?.id;
    expect((await onMeta('POST', `${other}/users`, users([[HASH, '']]))).status).toBe(400);
  });
});
