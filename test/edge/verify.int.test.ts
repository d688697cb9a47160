import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckpoints } from '@kyoka/evidence';
import { appendLedger, chainReader } from '@kyoka/permission-store';
import {
  EMBEDDED_PASSWORD,
  inTransaction,
  openPool,
  queryable,
  startEmbedded,
} from '@kyoka/postgres';
import { migrate } from '@kyoka/schema';
import { openVault } from '@kyoka/vault';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runKyoka } from '../../apps/cli/src/run.js';

let folder: string;
let running: Awaited<ReturnType<typeof startEmbedded>>;
const places = () => ['one', 'two'].map((name) => join(folder, name));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kyoka-verify-'));
  const vault = await openVault({ keyDir: join(folder, 'keys'), create: true });
  const password = vault.secret(EMBEDDED_PASSWORD).toString('base64url');
  running = await startEmbedded({ dataDir: join(folder, 'data'), password });
  await migrate(running.url);
  const pool = await openPool(running.url, { max: 1, applicationName: 'verify-test' });
  const entry = { id: crypto.randomUUID(), subjectId: null, act: 'granted', at: 1, body: {} };
  await inTransaction(pool, (tx) => appendLedger(tx, [entry], 1));
  const signer = vault.checkpointSigner;
  const checkpoints = await openCheckpoints({ dirs: places(), writer: 'test', signer });
  await checkpoints.write(await chainReader(queryable(pool)).heads(), 1);
  await checkpoints.close();
  await pool.destroy();
});
afterAll(async () => {
  await running.stop();
  await rm(folder, { recursive: true, force: true });
});

async function verify(env: Record<string, string> = {}) {
  const out: string[] = [];
  const code = await runKyoka(['verify'], {
    env: {
      KYOKA_DATA_DIR: join(folder, 'data'),
      KYOKA_KEY_DIR: join(folder, 'keys'),
      KYOKA_CHECKPOINT_DIRS: places().join(','),
      ...env,
    },
    lines: async function* () {},
    write: (line) => void out.push(line),
    tell: () => undefined,
  });
  return { code, report: JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown> };
}

const SOUND = { code: 0, report: { entries: 1, chains: 1, checkpoints: 1, defects: [] } };

it('verifies beside a running service, by its address too', async () => {
  expect(await verify()).toMatchObject(SOUND);
  expect(await verify({ DATABASE_URL: running.url })).toMatchObject(SOUND);
});

it('finds what somebody with the owner’s rights did', async () => {
  const owner = await openPool(running.url, { max: 1, applicationName: 'verify-test' });
  const as = async (sql: string) => {
    await owner.query('set session_replication_role = replica');
    await owner.query(sql);
  };
  await as(`update permissions.ledger set act = 'withdrawn'`);
  expect(await verify()).toMatchObject({
    code: 1,
    report: { defects: [{ kind: 'changed_entry' }] },
  });
  await as(`update permissions.ledger set act = 'granted'`);
  expect(await verify()).toMatchObject(SOUND);
  await owner.destroy();
});

it('starts the database of a stopped service for the time of it, and stops it again', async () => {
  await running.stop();
  expect(await verify()).toMatchObject(SOUND);
  expect(await verify()).toMatchObject(SOUND);
});
