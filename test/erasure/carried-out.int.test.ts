import { openVault } from '@kyoka/vault';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dumpDatabase } from '../leaks/dump-database.js';
import {
  BUCKET,
  DAY,
  type Erasures,
  erasing,
  granted,
  lifted,
  openErasures,
  ordered,
} from './harness.js';

let system: Erasures;
beforeEach(async () => {
  system = await openErasures();
});
afterEach(() => system.close());

const TARO = 'taro@example.jp';
const TARO_PHONE = '090-1234-5678';
const HANA = 'hana@example.jp';

type Ciphertext = Awaited<ReturnType<Erasures['ciphertexts']>>[number];
const opener =
  (vault: Pick<Erasures['vault'], 'open'>) =>
  ({ subject_id: subject, kind, sealed }: Ciphertext): string => {
    try {
      return vault.open(sealed, { subject, field: kind });
    } catch (fault) {
      return (fault as { code: string }).code;
    }
  };

/** What is stopped of a subject: kind by whom it comes through. */
async function stopsOf(ref: string): Promise<string[]> {
  const state = (await system.states())[`store/${ref}`] as {
    stops: { kind: string; through: string; endedAt?: string }[];
  };
  return state.stops
    .filter(({ endedAt }) => endedAt === undefined)
    .map(({ kind, through }) => `${kind} ${through}`)
    .sort();
}

describe('an erasure', () => {
  it('leaves nothing that opens, in an older copy either, and everybody else readable in both', async () => {
    await system.take(granted('taro', TARO, TARO_PHONE), granted('hana', HANA));
    await system.take(ordered('taro', 'o-1'), ordered('hana', 'o-2'));
    const older = await system.ciphertexts();
    const keysBefore = await openVault({ keyDir: join(system.folder, 'keys') });
    expect(older.map(opener(system.vault)).sort()).toEqual(['+819012345678', HANA, TARO].sort());

    const [id = ''] = await system.take(erasing({ ref: 'taro' }));
    const taro = await system.idOf('taro');
    await system.follow();
    await system.settle();

    expect(await system.read(id)).toMatchObject({
      state: 'erased',
      subjects: [taro],
      unconfirmed: 0,
      unreadableAfter: '2026-12-18',
      recordsUntil: '2029-11-20',
    });
    // The older copy, with every key that is left.
    const hana = await system.idOf('hana');
    expect(older.map(opener(system.vault))).toEqual(older.map(() => 'key_missing'));
    const now = await system.ciphertexts();
    expect(now.map((row) => [row.subject_id, opener(system.vault)(row)])).toEqual([[hana, HANA]]);
    // The rows beside the backups give the others back to the older copy.
    const [file = ''] = await readdir(join(system.context.backupDir, 'resealed'));
    expect(file).toBe(`bucket-000${BUCKET}.2.jsonl`);
    const kept = await readFile(join(system.context.backupDir, 'resealed', file), 'utf8');
    expect(kept).toContain(now[0]?.sealed.toString('base64url'));
    expect(kept).not.toContain(taro);
    // A process that held the old key in memory lets it go.
    expect(opener(keysBefore)(older[0] as Ciphertext)).not.toBe('key_missing');
    await keysBefore.refresh();
    expect(older.map(opener(keysBefore))).toEqual(older.map(() => 'key_missing'));
  });

  it('takes derived rows out and keeps stop and records, which name tokens only', async () => {
    await system.take(granted('taro', TARO), ordered('taro', 'o-1'), ordered('hana', 'o-2'));
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    const taro = await system.idOf('taro');
    const naming = (await dumpDatabase(system.database.url))
      .filter(({ text }) => text.includes(taro) || text.includes('o-1'))
      .map(({ name }) => name);
    // The outbox empties itself after 14 days, which the receipt accounts for.
    expect(naming.sort()).toEqual([
      'permissions.erasure_subject',
      'permissions.ledger',
      'permissions.outbox',
      'permissions.stop',
      'permissions.stop_act',
      'permissions.subject',
    ]);
    expect(
      await system.db.query(
        'select act from permissions.ledger where subject_id = $1 order by block, index',
        [taro],
      ),
    ).toEqual(
      ['granted', 'ordered', 'erasure_requested', 'erasure_carried_out', 'erased'].map((act) => ({
        act,
      })),
    );
    // Of an order it says that there was one, not which.
    const [order] = await system.db.query<{ body: string }>(
      `select body::text from permissions.ledger where act = 'ordered' and subject_id = $1`,
      [taro],
    );
    expect(order?.body).toContain('"changes"');
    expect(order?.body).not.toMatch(/"o-1"|"s1"|"tea"/);
    expect(
      await system.db.query(
        'select source, ref, category, acquired_at from permissions.subject where id = $1',
        [taro],
      ),
    ).toEqual([{ source: 'store', ref: 'taro', category: null, acquired_at: null }]);
  });

  it('keeps the address blocked when it comes in again, until the person lifts it', async () => {
    await system.take(granted('taro', TARO));
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    await system.take(granted('again', 'Taro@Example.JP'), granted('taro', 'new@example.jp'));
    expect(await stopsOf('again')).toEqual(['erasure contact_point']);
    expect(await stopsOf('taro')).toEqual(['erasure own']);
    await system.take(await system.signed(lifted('again')));
    expect(await stopsOf('again')).toEqual([]);
    expect(await stopsOf('taro')).toEqual(['erasure own']);
  });

  it('stops those who share an address, and erases them only where the address is what is named', async () => {
    await system.take(granted('taro', TARO, TARO_PHONE), granted('hana', HANA, TARO_PHONE));
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    expect(await stopsOf('hana')).toEqual(['erasure contact_point']);
    await system.settle();
    expect(await stopsOf('hana')).toEqual(['erasure contact_point']);
    expect((await system.ciphertexts()).map(opener(system.vault)).sort()).toEqual(
      ['+819012345678', HANA].sort(),
    );
    const [id = ''] = await system.take(erasing({ value: TARO_PHONE }));
    await system.follow();
    await system.settle();
    expect((await system.read(id))?.subjects).toEqual([await system.idOf('hana')]);
    expect(await system.ciphertexts()).toEqual([]);
  });

  it('means an address as it is written: one that merely folds to it is stopped, not erased', async () => {
    await system.take(granted('taro', 'ta.ro@gmail.com'), granted('other', 'taro@gmail.com'));
    const [id = ''] = await system.take(erasing({ value: 'ta.ro@gmail.com' }));
    await system.follow();
    await system.settle();
    expect((await system.read(id))?.subjects).toEqual([await system.idOf('taro')]);
    expect(await stopsOf('other')).toEqual(['erasure contact_point']);
  });

  it('asked for again changes nothing, and of nobody known keeps the stop', async () => {
    await system.take(granted('taro', TARO), granted('hana', HANA));
    await system.take(erasing({ ref: 'taro' }));
    await system.follow();
    await system.settle();
    const before = await system.ciphertexts();
    const [again = ''] = await system.take(erasing({ ref: 'taro' }));
    const [nobody = ''] = await system.take(erasing({ value: 'nobody@example.jp' }));
    await system.follow();
    await system.run();
    expect((await system.read(again))?.state).toBe('erased');
    expect(await system.read(nobody)).toMatchObject({ state: 'erased', subjects: [] });
    expect(await system.ciphertexts()).toEqual(before);
    expect(system.vault.bucketVersions(BUCKET)).toEqual([2]);
    await system.take(granted('nobody', 'nobody@example.jp'));
    expect(await stopsOf('nobody')).toEqual(['erasure own']);
  });

  it('waits for the removals, which need the address, and for 14 days at most', async () => {
    await system.take(granted('taro', TARO));
    const [id = ''] = await system.take(erasing({ ref: 'taro' }));
    await system.settle();
    expect((await system.read(id))?.state).toBe('waiting');
    system.clock.now += 14 * DAY;
    await system.settle();
    expect((await system.read(id))?.state).toBe('erased');
  });
});
