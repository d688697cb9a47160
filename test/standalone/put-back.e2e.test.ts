import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runKyoka } from '../../apps/cli/src/run.js';
import { installation, type Installation, SERVING } from './process.js';
import { summaryOf } from './summary.js';

let place: Installation;
beforeAll(async () => {
  place = await installation({ KYOKA_SAMPLE_PEOPLE: '100' });
});
afterAll(() => place.remove());

/** Where another machine would have what it begins without: the database and the keys. */
const there = () => ({
  KYOKA_DATA_DIR: join(place.folder, 'there', 'data'),
  KYOKA_KEY_DIR: join(place.folder, 'there', 'keys'),
});

async function kyoka(env: Record<string, string>, ...words: string[]) {
  const out: string[] = [];
  const code = await runKyoka(words, {
    env: { ...place.env, KYOKA_BACKUP_DIR: join(place.folder, 'backup'), ...env },
    lines: async function* () {},
    write: (line) => void out.push(line),
    tell: () => undefined,
  });
  return { code, out: JSON.parse(out.at(-1) ?? '{}') as Record<string, unknown> };
}

it('a backup starts in an empty place: the same people, and nothing released before two people say so', async () => {
  const first = place.start();
  await first.says(SERVING);
  const before = summaryOf(first.output());
  const backup = await kyoka({}, 'backup');
  const copies = join(place.folder, 'key-copies');
  const keys = await kyoka({}, 'backup', 'keys', copies);
  expect([backup.code, keys.code]).toEqual([0, 0]);
  first.signal('SIGINT');
  expect(await first.ended).toBe(0);

  const from = join(place.folder, 'backup');
  expect(await kyoka(there(), 'restore', '--from', from, '--keys', copies)).toMatchObject({
    code: 0,
    out: {
      unexplained: 0,
      ended: { tokens: 1, switches: 3 },
      lists: [{ recipient: 'google' }, { recipient: 'meta' }],
      evidence: { defects: [] },
    },
  });
  const again = place.start({ env: there() });
  await again.says(SERVING);
  const after = summaryOf(again.output());
  // What came twice or was skipped is counted by who served it; what was taken in lies in the database.
  expect(after.events['accepted']).toBe(before.events['accepted']);
  expect(after.suspensions).toEqual(before.suspensions);
  expect(again.output()).toContain('recipient google      off');
  // The token of the backup is over, so the start makes another.
  expect(again.output()).toContain('KYOKA_TOKEN=');
  again.signal('SIGTERM');
  expect(await again.ended).toBe(0);
});
