import { verify } from 'node:crypto';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { folderKeyStore } from './folder-key-store.js';
import { openVault } from './index.js';
import type { Vault } from './index.js';
import { wrapKeys } from './wrapping.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-vault-'));
afterAll(async () => rm(root, { recursive: true, force: true }));

let count = 0;
let keyDir = '';
beforeEach(() => {
  count += 1;
  keyDir = join(root, `keys-${count}`);
});

const bind = { subject: 'subject-1', field: 'email' };

describe('in use', () => {
  let vault: Vault;
  let folder = '';
  beforeAll(async () => {
    folder = join(root, 'in-use');
    vault = await openVault({ keyDir: folder, create: true });
  });

  describe('tokens', () => {
    it('differ by kind, value and vault, and are the same each time', async () => {
      const other = await openVault({ keyDir, create: true });
      const tokens = [
        vault.token('email', 'taro@example.jp'),
        vault.token('line', 'taro@example.jp'),
        vault.token('email', 'jiro@example.jp'),
        other.token('email', 'taro@example.jp'),
        vault.mac('email', 'taro@example.jp'),
      ];
      expect(new Set(tokens.map((token) => token.toString('hex'))).size).toBe(tokens.length);
      expect(vault.token('email', 'taro@example.jp')).toEqual(tokens[0]);
      expect(tokens[0]).toHaveLength(32);
    });

    it('of other uses are kept apart by domain', () => {
      expect(vault.mac('ab', 'c')).not.toEqual(vault.mac('a', 'bc'));
      expect(vault.mac('a', Buffer.from('b'))).toEqual(vault.mac('a', 'b'));
    });

    it('and secrets are derived, one per name', () => {
      expect(vault.secret('database')).toEqual(vault.secret('database'));
      expect(vault.secret('database')).not.toEqual(vault.secret('tokens'));
    });
  });

  describe('a sealed value', () => {
    it('opens again, whatever it is', () => {
      fc.assert(
        fc.property(
          fc.string({ unit: 'grapheme' }),
          fc.string(),
          fc.string(),
          (plain, subject, field) => {
            expect(vault.open(vault.seal(plain, { subject, field }), { subject, field })).toBe(
              plain,
            );
          },
        ),
      );
    });

    it('is another one each time and says nothing of its content', () => {
      const [a, b] = [vault.seal('taro', bind), vault.seal('taro', bind)];
      expect(a).not.toEqual(b);
      expect(a.includes('taro')).toBe(false);
      expect(a).toHaveLength(43 + 'taro'.length);
    });

    it.each([
      ['another subject', { ...bind, subject: 'subject-2' }],
      ['another field', { ...bind, field: 'phone' }],
      ['a boundary moved', { subject: 'subject-1e', field: 'mail' }],
    ])('does not open for %s', (_, other) => {
      expect(() => vault.open(vault.seal('taro', bind), other)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
    });

    it('does not open for another subject of the same bucket', () => {
      const twin = Array.from({ length: 20_000 }, (_, index) => `twin-${index}`).find(
        (subject) => vault.bucketOf(subject) === vault.bucketOf(bind.subject),
      );
      const other = { ...bind, subject: twin ?? bind.subject };
      expect(() => vault.open(vault.seal('taro', bind), other)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
    });

    it('does not open once any byte of it is changed or missing', () => {
      const sealed = vault.seal('taro', bind);
      for (let at = 0; at < sealed.length; at++) {
        const changed = Buffer.from(sealed);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const code = at >= 1 && at <= 6 ? /seal_broken|key_missing/ : /seal_broken/;
        expect(() => vault.open(changed, bind)).toThrow(
          expect.objectContaining({ code: expect.stringMatching(code) }),
        );
        expect(() => vault.open(sealed.subarray(0, at), bind)).toThrow(
          expect.objectContaining({ code: 'seal_broken' }),
        );
      }
    });

    it('spreads subjects over the buckets', () => {
      const used = new Set(
        Array.from({ length: 20_000 }, (_, index) => vault.bucketOf(`s${index}`)),
      );
      expect(used.size).toBe(vault.buckets);
    });
  });

  describe('a bucket with another key', () => {
    it('opens what was sealed before until the older key is destroyed, in every process', async () => {
      const other = await openVault({ keyDir: folder });
      const bucket = vault.bucketOf(bind.subject);
      const before = vault.seal('taro', bind);
      const version = 1 + (vault.bucketVersions(bucket).at(-1) ?? 0);
      await vault.addBucketKey(bucket, version);
      await vault.addBucketKey(bucket, version);
      const after = vault.seal('taro', bind);
      expect(before.subarray(0, 7)).toEqual(vault.bucketKeyId(bucket, version - 1));
      expect(after.subarray(0, 7)).toEqual(vault.bucketKeyId(bucket, version));
      expect(vault.open(before, bind)).toBe('taro');
      expect(() => other.open(after, bind)).toThrow(
        expect.objectContaining({ code: 'key_missing' }),
      );
      await other.refresh('1');
      expect(other.open(after, bind)).toBe('taro');
      expect(other.seal('taro', bind).subarray(0, 7)).toEqual(vault.bucketKeyId(bucket, version));

      await vault.destroyBucketKeysBefore(bucket, version);
      await other.refresh('1');
      expect(other.open(before, bind)).toBe('taro');
      await other.refresh('2');
      const reopened = await openVault({ keyDir: folder });
      for (const each of [vault, other, reopened]) {
        expect(each.bucketVersions(bucket)).toEqual([version]);
        expect(() => each.open(before, bind)).toThrow(
          expect.objectContaining({ code: 'key_missing' }),
        );
        expect(each.open(after, bind)).toBe('taro');
      }
      await expect(vault.destroyBucketKeysBefore(bucket, version + 1)).rejects.toMatchObject({
        code: 'conflict',
      });
    });

    it('loses no key when two processes change neighbours at the same time', async () => {
      const other = await openVault({ keyDir: folder });
      await Promise.all([
        vault.addBucketKey(0, 2),
        other.addBucketKey(1, 2),
        vault.addBucketKey(2, 2),
      ]);
      const reopened = await openVault({ keyDir: folder });
      for (const bucket of [0, 1, 2]) expect(reopened.bucketVersions(bucket)).toEqual([1, 2]);
    });
  });

  describe('what is parked', () => {
    it('opens for its row until the day is over its term', async () => {
      const original = Buffer.from([0, 255, 10]);
      const old = await vault.sealParked(original, '2026-11-01', 'row-1');
      const recent = await vault.sealParked(original, '2026-11-20', 'row-2');
      expect(await vault.openParked(old, 'row-1')).toEqual(original);
      await expect(vault.openParked(old, 'row-2')).rejects.toMatchObject({ code: 'seal_broken' });
      expect(await vault.destroyDatedKeys('2026-11-20')).toEqual(['2026-11-01']);
      const reopened = await openVault({ keyDir: folder });
      for (const each of [vault, reopened]) {
        await expect(each.openParked(old, 'row-1')).rejects.toMatchObject({ code: 'key_missing' });
        expect(await each.openParked(recent, 'row-2')).toEqual(original);
      }
    });

    it('is no value of a contact point, nor the other way round', async () => {
      const parked = await vault.sealParked(Buffer.from('x'), '2026-11-20', 'row');
      expect(() => vault.open(parked, bind)).toThrow(
        expect.objectContaining({ code: 'seal_broken' }),
      );
      await expect(vault.openParked(vault.seal('x', bind), 'row')).rejects.toMatchObject({
        code: 'seal_broken',
      });
    });

    it('needs a day', async () => {
      await expect(vault.sealParked(Buffer.of(1), '../../etc', 'row')).rejects.toMatchObject({
        code: 'bad_input',
      });
    });
  });

  describe('a stored secret', () => {
    const secret = Buffer.alloc(32, 9);

    it('opens for what it belongs to, also in another process', async () => {
      const sealed = vault.sealSecret(secret, ['publisher key', 'kp-1']);
      const other = await openVault({ keyDir: folder });
      expect(other.openSecret(sealed, ['publisher key', 'kp-1'])).toEqual(secret);
      expect(sealed.includes(secret)).toBe(false);
    });

    it.each([['publisher key', 'kp-2'], ['publisher keykp-1'], ['publisher key']])(
      'does not open for %j',
      (...bound) => {
        const sealed = vault.sealSecret(secret, ['publisher key', 'kp-1']);
        expect(() => vault.openSecret(sealed, bound)).toThrow(
          expect.objectContaining({ code: 'seal_broken' }),
        );
      },
    );

    it('is no sealed contact, nor the other way round', () => {
      const broken = expect.objectContaining({ code: 'seal_broken' });
      expect(() => vault.openSecret(vault.seal('x', bind), ['a'])).toThrow(broken);
      expect(() => vault.open(vault.sealSecret(secret, ['a']), bind)).toThrow(broken);
    });
  });

  describe('publishers of an earlier version', () => {
    const entry = {
      kid: 'kp-0123456789abcdef',
      key: Buffer.alloc(32, 7).toString('base64url'),
      name: 'store front',
      sources: ['store'],
      types: ['jp.kyoka.order.placed.v1'],
      validUntil: 1_800_000_000_000,
    };
    const name = `publisher-${entry.kid}`;
    const leave = async () => {
      const kek = Buffer.from(await readFile(join(folder, 'kek'), 'utf8'), 'base64url');
      await wrapKeys(folderKeyStore(folder), kek).write(
        name,
        1,
        Buffer.from(JSON.stringify(entry)),
      );
    };

    it('are read, and gone once destroyed', async () => {
      await leave();
      expect(await vault.folderPublishers.list()).toEqual([entry]);
      await vault.folderPublishers.destroy(entry.kid);
      expect(await vault.folderPublishers.list()).toEqual([]);
      expect((await readdir(folder)).filter((file) => file.startsWith('publisher-'))).toEqual([]);
    });

    it('do not open where they were edited or renamed', async () => {
      await leave();
      const path = join(folder, `${name}.1`);
      const blob = await readFile(path);
      const edited = Buffer.from(blob);
      edited[20] = (edited[20] ?? 0) ^ 1;
      await writeFile(path, edited);
      await expect(vault.folderPublishers.list()).rejects.toMatchObject({ code: 'seal_broken' });
      await writeFile(path, blob);
      await rename(path, join(folder, `${name}.2`));
      await expect(vault.folderPublishers.list()).rejects.toMatchObject({ code: 'seal_broken' });
      await rm(join(folder, `${name}.2`));
    });
  });

  it('signs for whoever holds the exported public key', async () => {
    const pem = await readFile(join(folder, 'checkpoint-public.pem'));
    const signature = vault.checkpointSigner.sign(Buffer.from('head'));
    expect(verify(null, Buffer.from('head'), pem, signature)).toBe(true);
    expect(verify(null, Buffer.from('Head'), pem, signature)).toBe(false);
  });
});
