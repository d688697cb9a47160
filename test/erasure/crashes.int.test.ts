import { rm, writeFile } from 'node:fs/promises';
import { openVault } from '@kyoka/vault';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MINUTE } from '@kyoka/kernel';
import { erasureTask, type ErasureContext } from '@kyoka/erasure';
import { BUCKET, type Erasures, erasing, granted, openErasures } from './harness.js';

let system: Erasures;
beforeEach(async () => {
  system = await openErasures({ chunk: 5 });
});
afterEach(() => system.close());

const CROWD = Array.from({ length: 13 }, (_, index) => `crowd-${index}`);
const KILLED = 'the process ends here';

/** A vault that ends the process at the n-th use of something, before or after it took effect. */
function breaking(
  vault: ErasureContext['vault'],
  method: 'addBucketKey' | 'destroyBucketKeysBefore' | 'seal',
  when: 'before' | 'after',
  uses = 1,
): ErasureContext['vault'] {
  let left = uses;
  return new Proxy(vault, {
    get(target, name) {
      const own = Reflect.get(target, name) as (...given: unknown[]) => unknown;
      if (name !== method) return own;
      return (...given: unknown[]) => {
        left -= 1;
        if (left !== 0) return own(...given);
        if (when === 'before') throw new Error(KILLED);
        return Promise.resolve(own(...given)).then(() => {
          throw new Error(KILLED);
        });
      };
    },
  });
}

it.each([
  ['before the new key is made', 'addBucketKey', 'before', 1],
  ['after the new key is made', 'addBucketKey', 'after', 1],
  ['in the second chunk of those who are sealed again', 'seal', 'before', 7],
  ['before the old key is destroyed', 'destroyBucketKeysBefore', 'before', 1],
  ['after the old key is destroyed', 'destroyBucketKeysBefore', 'after', 1],
] as const)('is taken up after a kill %s', async (_, method, when, uses) => {
  await system.take(...CROWD.map((ref) => granted(ref, `${ref}@example.jp`)));
  const older = await system.ciphertexts();
  const [id = ''] = await system.take(erasing({ ref: 'crowd-0' }));
  await system.follow();
  const killed = erasureTask({
    ...system.context,
    vault: breaking(system.vault, method, when, uses),
  });
  const twice = async () => {
    await killed.run(system.clock.now);
    system.clock.now += 2 * MINUTE;
    await killed.run(system.clock.now);
  };
  await expect(twice()).rejects.toThrow(KILLED);
  await system.settle();

  expect((await system.read(id))?.state).toBe('erased');
  expect(system.vault.bucketVersions(BUCKET)).toEqual([2]);
  const now = await system.ciphertexts();
  expect(now).toHaveLength(CROWD.length - 1);
  const opened = now.map(({ subject_id: subject, kind, sealed }) =>
    system.vault.open(sealed, { subject, field: kind }),
  );
  expect(opened.sort()).toEqual(
    CROWD.slice(1)
      .map((ref) => `${ref}@example.jp`)
      .sort(),
  );
  for (const { subject_id: subject, kind, sealed } of older) {
    expect(() => system.vault.open(sealed, { subject, field: kind })).toThrow(
      expect.objectContaining({ code: 'key_missing' }),
    );
  }
});

it('destroys no key while the rows are not safe beside the backups', async () => {
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const [id = ''] = await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  await writeFile(system.context.backupDir, 'not a folder');
  await expect(system.settle()).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(system.vault.bucketVersions(BUCKET)).toEqual([1, 2]);
  await rm(system.context.backupDir);
  await system.settle();
  expect((await system.read(id))?.state).toBe('erased');
});

it('a process that does not know of the new key yet seals nothing under the old one', async () => {
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const other = await openVault({ keyDir: join(system.folder, 'keys') });
  const elsewhere = system.intakeOf({ vault: other });
  await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  await system.run();
  expect(other.bucketVersions(BUCKET)).toEqual([1]);
  await elsewhere.ingest([granted('jiro', 'jiro@example.jp')]);
  await system.settle();
  const opened = (await system.ciphertexts()).map(({ subject_id: subject, kind, sealed }) =>
    system.vault.open(sealed, { subject, field: kind }),
  );
  expect(opened.sort()).toEqual(['hana@example.jp', 'jiro@example.jp']);
});

it('events that come in while a bucket is sealed again wait for nothing long and are readable after it', async () => {
  await system.take(...CROWD.map((ref) => granted(ref, `${ref}@example.jp`)));
  await system.take(erasing({ ref: 'crowd-0' }));
  await system.follow();
  const other = await openVault({ keyDir: join(system.folder, 'keys') });
  const elsewhere = system.intakeOf({ vault: other });
  const late = Array.from({ length: 20 }, (_, index) => `late-${index}`);
  await Promise.all([
    system.run(),
    ...late.map((ref) => elsewhere.ingest([granted(ref, `${ref}@example.jp`)])),
  ]);
  await system.settle();
  const opened = (await system.ciphertexts()).map(({ subject_id: subject, kind, sealed }) =>
    system.vault.open(sealed, { subject, field: kind }),
  );
  expect(opened.sort()).toEqual(
    [...CROWD.slice(1), ...late].map((ref) => `${ref}@example.jp`).sort(),
  );
});
