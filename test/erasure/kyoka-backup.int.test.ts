import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openCheckpoints } from '@kyoka/evidence';
import { chainReader } from '@kyoka/permission-store';
import { openVault } from '@kyoka/vault';
import { databaseForTests, type TestDatabase } from '@kyoka/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runKyoka } from '../../apps/cli/src/run.js';
import { type Erasures, erasing, granted, openErasures } from './harness.js';

let system: Erasures;
let empty: TestDatabase;
beforeAll(async () => {
  system = await openErasures();
  empty = await databaseForTests({ migrated: false });
});
afterAll(async () => {
  await empty.drop();
  await system.close();
});

const at = (...parts: string[]) => join(system.folder, ...parts);

/** Runs the tool in a place of its own: `here` is where the system lives, `there` an empty one. */
async function kyoka(place: 'here' | 'there', ...words: string[]) {
  return kyokaWith({}, place, ...words);
}

async function kyokaWith(
  env: Readonly<Record<string, string>>,
  place: 'here' | 'there',
  ...words: string[]
) {
  const out: string[] = [];
  const told: string[] = [];
  const own = (name: string) => (place === 'here' ? at(name) : at('there', name));
  const code = await runKyoka(words, {
    env: {
      DATABASE_URL: place === 'here' ? system.database.url : empty.url,
      KYOKA_KEY_DIR: own('keys'),
      KYOKA_DATA_DIR: own('data'),
      KYOKA_JOURNAL_DIR: own('journal'),
      KYOKA_CHECKPOINT_DIRS: `${own('checkpoints-a')},${own('checkpoints-b')}`,
      KYOKA_BACKUP_DIR: at('backup'),
      ...env,
    },
    lines: async function* () {},
    write: (line) => void out.push(line),
    tell: (line) => void told.push(line),
  });
  return { code, out: JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown>, told };
}

it('backs up a database and its keys apart, and puts them back into an empty place', async () => {
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const dirs = [at('checkpoints-a'), at('checkpoints-b')];
  const writer = await openCheckpoints({
    dirs,
    writer: 't',
    signer: system.vault.checkpointSigner,
  });
  await writer.write(await chainReader(system.db).heads(), system.clock.now);
  await writer.close();

  const made = await kyoka('here', 'backup');
  expect(made).toMatchObject({ code: 0, out: { tables: expect.any(Number) as number } });
  const mixed = await kyoka('here', 'backup', 'keys', at('backup'));
  expect([mixed.code, mixed.out['code']]).toEqual([2, 'config_invalid']);
  expect(await kyoka('here', 'backup', 'keys', at('key-copies'))).toMatchObject({ code: 0 });
  await system.take(erasing({ ref: 'taro' }));

  const nothing = await kyoka('there', 'restore', '--from', at('nowhere'));
  expect([nothing.code, nothing.out['code']]).toEqual([1, 'not_found']);
  const without = await kyoka('there', 'restore', '--from', at('backup'));
  expect([without.code, without.out['code']]).toEqual([1, 'key_missing']);
  const restored = await kyoka(
    'there',
    ...['restore', '--from', at('backup'), '--keys', at('key-copies')],
  );
  expect(restored).toMatchObject({
    code: 0,
    out: {
      stops: 0,
      journal: 'from_backup',
      checkpoints: 'from_backup',
      erased: 0,
      unexplained: 0,
      evidence: { defects: [], chains: 1 },
    },
  });
  expect((await readdir(at('there', 'keys'))).length).toBeGreaterThan(10);

  const unreadable = { contactPoints: 0, subjects: 0, buckets: [], letGo: 0 };
  expect(await kyoka('there', 'unreadable')).toMatchObject({ code: 0, out: unreadable });
  await openVault({ keyDir: at('there', 'others'), create: true });
  const wrong = await kyokaWith(
    { KYOKA_KEY_DIR: at('there', 'others') },
    'there',
    'unreadable',
    '--let-go',
  );
  expect([wrong.code, wrong.out['code']]).toEqual([1, 'key_missing']);
  const again = await kyoka('there', 'restore', '--from', at('backup'));
  expect([again.code, again.out['code']]).toEqual([1, 'conflict']);
  await rm(at('there'), { recursive: true });
});
