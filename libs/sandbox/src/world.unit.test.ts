import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAY } from '@kyoka/kernel';
import * as fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Journal } from './journal.js';
import { World, type ListMember } from './world.js';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kyoka-world-'));
  folders.push(folder);
  return folder;
}

const PROCESSING_MS = 1_000;

class Play {
  now = 0;
  readonly parts: number[] = [];
  #journal: Journal;
  world: World;

  constructor(readonly folder = newFolder()) {
    [this.#journal, this.world] = this.#open();
  }

  restart(): void {
    this.#journal.close();
    [this.#journal, this.world] = this.#open();
  }

  close(): void {
    this.#journal.close();
  }

  #open(): [Journal, World] {
    const journal = new Journal(this.folder);
    const world = new World({
      journal,
      clock: () => this.now,
      random: () => this.parts.shift() ?? 0,
      processingMs: { google: PROCESSING_MS, meta: PROCESSING_MS },
    });
    return [journal, world];
  }
}

const LIST = { network: 'google', account: '1', name: 'spring', lifetimeDays: 30 } as const;
const member = (name: string) => ({ emails: [name], phones: [] });

function names(members: readonly ListMember[] | undefined): string[] {
  return (members ?? []).map(({ digest }) => digest).toSorted();
}

const act = fc.record({
  op: fc.constantFrom('add' as const, 'remove' as const),
  who: fc.constantFrom('a', 'b', 'c'),
  wait: fc.integer({ min: 0, max: 600 }),
  part: fc.integer({ min: 0, max: 999 }).map((n) => n / 1_000),
  restart: fc.boolean(),
});

describe('the lists', () => {
  it('are what the jobs make of them in the order in which they are due, also over restarts', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        const play = new Play();
        const { id } = play.world.createList(LIST);
        const due: { at: number; op: 'add' | 'remove'; who: string }[] = [];
        for (const { op, who, wait, part, restart } of acts) {
          play.now += wait;
          play.parts.push(part);
          const [job] = play.world.accept({
            network: 'google',
            op,
            lists: [id],
            members: [member(who)],
            fault: undefined,
          });
          due.push({ at: job?.dueAt ?? 0, op, who });
          if (restart) play.restart();
          // Asking must not change what comes of it.
          play.world.lists();
        }
        play.now += PROCESSING_MS;
        const expected = new Set<string>();
        for (const { op, who } of due.toSorted((a, b) => a.at - b.at)) {
          if (op === 'add') expected.add(who);
          else expected.delete(who);
        }
        expect(names(play.world.lists()[0]?.members)).toEqual([...expected].toSorted());
        play.close();
      }),
      { numRuns: 150 },
    );
  });

  it('hold a member until the lifetime of the latest addition is over', () => {
    const play = new Play();
    const { id } = play.world.createList(LIST);
    const add = (who: string) =>
      play.world.accept({
        network: 'google',
        op: 'add',
        lists: [id],
        members: [member(who)],
        fault: undefined,
      });
    add('a');
    add('b');
    play.now = 20 * DAY;
    add('b');
    play.now = 30 * DAY - 1;
    expect(names(play.world.lists()[0]?.members)).toEqual(['a', 'b']);
    play.now = 30 * DAY;
    expect(names(play.world.lists()[0]?.members)).toEqual(['b']);
    play.restart();
    expect(names(play.world.lists()[0]?.members)).toEqual(['b']);
    play.now = 50 * DAY;
    expect(names(play.world.lists()[0]?.members)).toEqual([]);
    play.close();
  });

  it('process a request accepted twice at two moments, the named job last', () => {
    const play = new Play();
    const { id } = play.world.createList(LIST);
    const fault = { network: 'google', kind: 'duplicate_accept', count: 1 } as const;
    play.parts.push(0.9, 0.2, 0.5);
    const [named] = play.world.accept({
      network: 'google',
      op: 'add',
      lists: [id],
      members: [member('a')],
      fault,
    });
    expect(named?.dueAt).toBe(900);
    const remove = { network: 'google', op: 'remove', lists: [id], fault: undefined } as const;
    play.world.accept({ ...remove, members: [member('a')] });
    const held = [199, 200, 500, 900].map((now) => {
      play.now = now;
      return names(play.world.lists()[0]?.members);
    });
    expect(held).toEqual([[], ['a'], [], ['a']]);
    expect(play.world.jobs('google', named?.id ?? '')).toHaveLength(1);
    play.close();
  });
});

describe('the journal', () => {
  const entry = { kind: 'request', network: 'meta', op: 'poll', outcome: 'answered' } as const;

  it('drops a line that was being written when the process died, and goes on', () => {
    const folder = newFolder();
    const first = new Journal(folder);
    first.append({ ...entry, at: 1 });
    first.close();
    appendFileSync(join(folder, 'journal.jsonl'), '{"seq":2,"kind":"requ');
    const second = new Journal(folder);
    expect(second.append({ ...entry, at: 2 }).seq).toBe(2);
    expect(second.entries().map(({ seq, at }) => [seq, at])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    second.close();
  });

  it('gives pages', () => {
    const journal = new Journal(newFolder());
    for (let at = 1; at <= 5; at += 1) journal.append({ ...entry, at });
    expect(journal.entries(2).map(({ seq }) => seq)).toEqual([3, 4, 5]);
    expect(journal.entries(1, 2).map(({ seq }) => seq)).toEqual([2, 3]);
    expect(journal.entries(5)).toEqual([]);
    expect(journal.entries(9)).toEqual([]);
    journal.close();
  });
});
