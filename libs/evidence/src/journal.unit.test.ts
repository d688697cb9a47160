import {
  appendFile,
  mkdtemp,
  open,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { journalWriters, openJournal, readJournal } from './index.js';
import type { Journal, JournalRecord } from './index.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-journal-'));
afterAll(async () => rm(root, { recursive: true, force: true }));
afterEach(() => vi.restoreAllMocks());

let dir = '';
let count = 0;
beforeEach(() => {
  count += 1;
  dir = join(root, String(count));
});

const place = () => ({ dir, writer: 'intake-1' });
const path = () => join(dir, 'intake-1.jsonl');
const entry = (id: string) => ({ eventId: id, act: 'suspension', folds: ['dG9rZW4'] });
const entries = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(`e-${from + index}`));

async function all(records: AsyncIterable<JournalRecord>): Promise<JournalRecord[]> {
  const list: JournalRecord[] = [];
  for await (const record of records) list.push(record);
  return list;
}

async function written(...groups: [number, number][]): Promise<Buffer> {
  const journal = await openJournal(place());
  for (const [from, to] of groups) await journal.append(entries(from, to));
  await journal.close();
  return readFile(path());
}

async function handlePrototype() {
  const handle = await open(path(), 'a');
  await handle.close();
  return Object.getPrototypeOf(handle) as typeof handle;
}

describe('the stop journal', () => {
  it('gives every entry a position and reads them again from any of them', async () => {
    const journal = await openJournal(place());
    expect([journal.highest(), await journal.append([])]).toEqual([0, 0]);
    expect(await journal.append(entries(1, 2))).toBe(2);
    expect(await journal.append(entries(3, 3))).toBe(3);
    expect(await all(journal.read(2))).toEqual([
      { position: 2, entry: entry('e-2') },
      { position: 3, entry: entry('e-3') },
    ]);
    await journal.close();
    const again = await openJournal(place());
    expect(again.highest()).toBe(3);
    expect(await again.append(entries(4, 4))).toBe(4);
    await again.close();
    expect((await all(readJournal(place()))).slice(3)).toEqual([
      { position: 4, entry: entry('e-4') },
    ]);
    expect(await journalWriters(dir)).toEqual(['intake-1']);
    expect((await stat(path())).mode & 0o777).toBe(0o600);
  });

  it('holds whatever JSON holds, on one line each', async () => {
    const odd = { text: 'a\nb\u2028"\\\ud800', list: [null, 1.5, { deep: true }], none: undefined };
    const journal = await openJournal(place());
    await journal.append([odd]);
    expect(await all(journal.read(1))).toEqual([
      { position: 1, entry: JSON.parse(JSON.stringify(odd)) as object },
    ]);
    await journal.close();
  });

  it('lets appends that come together share a sync, and tells each its own position', async () => {
    const journal = await openJournal(place());
    const sync = vi.spyOn(await handlePrototype(), 'datasync');
    const positions = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => journal.append([entry(`e-${index + 1}`)])),
    );
    expect(positions).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
    expect(sync.mock.calls.length).toBeLessThan(5);
    const read = await all(journal.read(1));
    expect(read.map((record) => record.entry['eventId'])).toEqual(positions.map((p) => `e-${p}`));
    await journal.close();
  });

  it('does not say that an entry is kept before it is synced', async () => {
    const journal = await openJournal(place());
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    vi.spyOn(await handlePrototype(), 'datasync').mockReturnValueOnce(held);
    let done = false;
    const appended = journal.append(entries(1, 1)).then(() => (done = true));
    await vi.waitFor(async () => expect((await readFile(path())).length).toBeGreaterThan(0));
    expect([done, journal.highest()]).toEqual([false, 0]);
    release();
    await appended;
    expect(journal.highest()).toBe(1);
    await journal.close();
  });
});

describe('after a crash', () => {
  it('keeps every whole line, wherever the file was cut, and goes on behind it', async () => {
    const content = await written([1, 2], [3, 3], [4, 5]);
    const ends = [...content.entries()].flatMap(([index, byte]) =>
      byte === 10 ? [index + 1] : [],
    );
    for (let cut = 0; cut <= content.length; cut++) {
      await writeFile(path(), content.subarray(0, cut));
      const whole = ends.filter((end) => end <= cut).length;
      const journal = await openJournal(place());
      expect([cut, journal.highest()]).toEqual([cut, whole]);
      expect(await journal.append([entry('next')])).toBe(whole + 1);
      const ids = (await all(journal.read(1))).map((record) => record.entry['eventId']);
      expect(ids).toEqual([...entries(1, whole).map((each) => each.eventId), 'next']);
      await journal.close();
    }
  });

  it.each([
    ['zeros', (tail: Buffer) => tail.fill(0)],
    ['other bytes', (tail: Buffer) => tail.fill(0xff)],
    ['zeros in its first line, its second line sound', (tail: Buffer) => tail.fill(0, 0, 20)],
  ])('drops a last write whose place holds %s', async (_, spoil) => {
    const before = await written([1, 2]);
    const content = await written([3, 4]);
    spoil(content.subarray(before.length));
    await writeFile(path(), content);
    const journal = await openJournal(place());
    expect(journal.highest()).toBe(2);
    await journal.close();
    expect(await readFile(path())).toEqual(before);
  });

  it.each([
    ['a byte changed', (content: Buffer) => content.fill('X', 60, 61)],
    ['a line left out', (content: Buffer) => content.subarray(content.indexOf(10) + 1)],
    [
      'a line twice',
      (content: Buffer) => Buffer.concat([content, content.subarray(content.lastIndexOf('{"c"'))]),
    ],
    ['the lines of another file', (content: Buffer) => Buffer.concat([content, content])],
  ])('refuses to go on over damage in what was synced: %s', async (_, damage) => {
    const content = await written([1, 1], [2, 2], [3, 3]);
    const spoiled = damage(content);
    await writeFile(path(), spoiled);
    await expect(openJournal(place())).rejects.toMatchObject({ code: 'chain_broken' });
    await expect(all(readJournal(place()))).rejects.toMatchObject({ code: 'chain_broken' });
    expect(await readFile(path())).toEqual(spoiled);
  });

  it('takes no line of another writer', async () => {
    const content = await written([1, 2]);
    await writeFile(join(dir, 'intake-2.jsonl'), content);
    const journal = await openJournal({ dir, writer: 'intake-2' });
    expect(journal.highest()).toBe(0);
    await journal.close();
  });
});

describe('from a position that is known to be on the disk', () => {
  const damaged = async () => {
    const content = await written([1, 1], [2, 2], [3, 4], [5, 5]);
    await writeFile(path(), content.fill('X', 60, 61));
  };

  it('nothing before it is read again', async () => {
    await damaged();
    const journal = await openJournal({ ...place(), from: 3 });
    expect([journal.highest(), await journal.append(entries(6, 6))]).toEqual([5, 6]);
    await journal.close();
    // Control: without it the damage is seen.
    await expect(openJournal(place())).rejects.toMatchObject({ code: 'chain_broken' });
  });

  it('damage after it is seen, and a write that was cut is removed', async () => {
    const content = await written([1, 1], [2, 2], [3, 3], [4, 4]);
    const third = content.indexOf('"p":3');
    await writeFile(path(), Buffer.from(content).fill('X', third, third + 1));
    await expect(openJournal({ ...place(), from: 1 })).rejects.toMatchObject({
      code: 'chain_broken',
    });
    await writeFile(path(), content.subarray(0, content.length - 5));
    const journal = await openJournal({ ...place(), from: 2 });
    expect(journal.highest()).toBe(3);
    await journal.close();
  });

  it('that the file does not hold, everything is read', async () => {
    await written([1, 3]);
    const journal = await openJournal({ ...place(), from: 7 });
    expect(journal.highest()).toBe(3);
    await journal.close();
  });
});

describe('when the disk fails', () => {
  it('counts nothing of what it refused, and the next append takes its place', async () => {
    const journal = await openJournal(place());
    await journal.append(entries(1, 1));
    vi.spyOn(await handlePrototype(), 'datasync').mockRejectedValueOnce(new Error('EIO'));
    await expect(journal.append(entries(2, 9))).rejects.toMatchObject({
      code: 'database_unavailable',
      retry: 'backoff',
    });
    expect(journal.highest()).toBe(1);
    expect(await journal.append([entry('later')])).toBe(2);
    await journal.close();
    const ids = (await all(readJournal(place()))).map((record) => record.entry['eventId']);
    expect(ids).toEqual(['e-1', 'later']);
  });

  it('refuses when it is full', async () => {
    await written();
    await rm(path());
    await symlink('/dev/full', path());
    const journal = await openJournal(place());
    await expect(journal.append(entries(1, 1))).rejects.toMatchObject({
      code: 'database_unavailable',
    });
    expect(journal.highest()).toBe(0);
    await journal.close();
  });

  it('stops when another process writes to the file', async () => {
    const content = await written([1, 1]);
    const journal: Journal = await openJournal(place());
    await appendFile(path(), content);
    await expect(journal.append(entries(2, 2))).rejects.toMatchObject({ code: 'conflict' });
    await journal.close();
  });
});

it.each(['', '../x', 'A', 'a/b', 'a.b'])('takes no writer named %j', async (writer) => {
  await expect(openJournal({ dir, writer })).rejects.toMatchObject({ code: 'bad_input' });
});
