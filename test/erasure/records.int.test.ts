import { openCheckpoints, verifyEvidence } from '@kyoka/evidence';
import { appendDecisions, chainReader } from '@kyoka/permission-store';
import { inTransaction, openPool, queryable } from '@kyoka/postgres';
import { createPublicKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Erasures, erasing, granted, openErasures } from './harness.js';

let system: Erasures;
beforeEach(async () => {
  system = await openErasures();
});
afterEach(() => system.close());

const verify = () =>
  verifyEvidence({
    reader: chainReader(system.db),
    dirs: [join(system.folder, 'checkpoints-a'), join(system.folder, 'checkpoints-b')],
    publicKey: createPublicKey(system.vault.checkpointSigner.publicKeyPem),
  });

async function asOwner(...statements: string[]): Promise<void> {
  const pool = await openPool(system.database.url, { max: 1, applicationName: 'owner' });
  try {
    for (const sql of statements) await queryable(pool).query(sql);
  } finally {
    await pool.destroy();
  }
}

const bodies = async (ref: string) =>
  (
    await system.db.query<{ act: string; body: object }>(
      'select act, body from permissions.ledger where subject_id = $1 order by block, index',
      [await system.idOf(ref)],
    )
  ).map(({ act, body }) => [act, Object.keys(body).sort().join()]);

it('after their term the records of an erased person go, the chains stay whole, and the stop stays', async () => {
  const dirs = [join(system.folder, 'checkpoints-a'), join(system.folder, 'checkpoints-b')];
  const writer = await openCheckpoints({
    dirs,
    writer: 't',
    signer: system.vault.checkpointSigner,
  });
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const taro = await system.idOf('taro');
  const record = { id: randomUUID(), subjectId: taro, body: { allowed: true } };
  await inTransaction(system.pool, (tx) => appendDecisions(tx, [record], system.clock.now));
  system.clock.now += 1_000;
  await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  system.clock.now += 1_000;
  await system.settle();
  await writer.write(await chainReader(system.db).heads(), system.clock.now);
  await writer.close();
  const entries = (await verify()).entries;

  await system.run();
  expect(await verify()).toMatchObject({ defects: [], shredded: 0 });
  expect((await bodies('taro'))[0]).not.toEqual(['granted', 'shredded']);

  // The database goes by its own clock, so the term is moved and not the moment.
  await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
  await system.run();
  expect(await bodies('taro')).toEqual([
    ['granted', 'shredded'],
    ['erasure_requested', 'shredded'],
    ['erasure_carried_out', 'erasure,unconfirmed'],
    ['erased', 'erasure,unreadableAfter'],
  ]);
  expect((await bodies('hana'))[0]?.[1]).toContain('contacts');
  expect(await verify()).toMatchObject({ defects: [], shredded: 3, entries });
  await system.take(granted('again', 'taro@example.jp'));
  const states = await system.states();
  expect(states['store/again']).toMatchObject({ stops: [{ kind: 'erasure' }] });
});

it('nothing else of the records can be changed, and a wrong hash is found', async () => {
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const dirs = [join(system.folder, 'checkpoints-a'), join(system.folder, 'checkpoints-b')];
  const writer = await openCheckpoints({
    dirs,
    writer: 't',
    signer: system.vault.checkpointSigner,
  });
  await writer.write(await chainReader(system.db).heads(), system.clock.now);
  await writer.close();
  system.clock.now += 1_000;
  const [id] = await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  system.clock.now += 1_000;
  await system.settle();
  const hash = 'ab'.repeat(32);
  const shred = async (ref: string) => {
    const [row] = await system.db.query<{ id: string }>(
      `select id from permissions.ledger where act = 'granted' and subject_id = $1`,
      [await system.idOf(ref)],
    );
    await system.db.query('select permissions.shred_records($1, $2::uuid[], $3::text[])', [
      id,
      [row?.id],
      [hash],
    ]);
  };
  const refused = { sqlState: '42501' };
  // Before the term, and of somebody whom nobody erased.
  await expect(shred('taro')).rejects.toMatchObject(refused);
  await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
  await expect(shred('hana')).rejects.toMatchObject(refused);
  await expect(
    asOwner(`update permissions.ledger set act = 'x', body = '{"shredded":"${hash}"}'`),
  ).rejects.toMatchObject(refused);
  await expect(asOwner(`delete from permissions.ledger`)).rejects.toMatchObject(refused);
  await shred('taro');
  expect((await verify()).defects).toContainEqual({
    kind: 'changed_entry',
    chain: 'ledger',
    block: 1,
  });
});
