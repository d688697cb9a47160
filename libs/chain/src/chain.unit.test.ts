import { createHash } from 'node:crypto';
import type { Json } from '@kyoka/kernel';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkpointHash,
  emptyHead,
  entryHash,
  NO_CHECKPOINT,
  readCheckpoint,
  sealBlock,
  verifyChain,
  verifyCheckpoints,
} from './index.js';
import type { Checkpoint, DefectKind, Head, StoredBlock } from './index.js';

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex');

function sealed(contents: readonly (readonly Json[])[], chain = 'ledger'): StoredBlock[] {
  let head: Head = emptyHead(chain);
  return contents.map((entries, index) => {
    const block = sealBlock(sha256Hex, head, entries, 1_000 + index);
    head = block;
    const { number, prev, hash, at } = block;
    return { number, prev, hash, at, count: entries.length, entries };
  });
}

const CONTENTS = Array.from({ length: 6 }, (_, block) =>
  Array.from({ length: 3 }, (_, index) => ({ act: 'granted', subject: `s-${block}-${index}` })),
);

const witnessesOf = (blocks: readonly StoredBlock[], numbers: number[]) =>
  new Map(numbers.map((number) => [number, new Set([blocks[number - 1]?.hash ?? ''])]));

async function kinds(blocks: StoredBlock[], witnesses = witnessesOf(sealed(CONTENTS), [2, 5])) {
  const verdict = await verifyChain(sha256Hex, 'ledger', stream(blocks), witnesses);
  return verdict.defects.map(({ kind, block }) => `${kind}@${block}`);
}

async function* stream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

const edited = (blocks: StoredBlock[], number: number, change: Partial<StoredBlock>) =>
  blocks.map((block) => (block.number === number ? { ...block, ...change } : block));
const entriesOf = (blocks: StoredBlock[], number: number) => blocks[number - 1]?.entries ?? [];

describe('a chain', () => {
  it('without a change has no defect, and says what no checkpoint covers yet', async () => {
    const blocks = sealed(CONTENTS);
    expect(
      await verifyChain(sha256Hex, 'ledger', stream(blocks), witnessesOf(blocks, [2, 5])),
    ).toEqual({ entries: 18, shredded: 0, blocks: 6, unwitnessed: 1, defects: [] });
  });

  it('that is empty has no defect', async () => {
    expect(await kinds([], new Map())).toEqual([]);
  });

  const tampered: [string, (blocks: StoredBlock[]) => StoredBlock[], string[]][] = [
    [
      'an entry changed',
      (b) =>
        edited(b, 3, {
          entries: [{ act: 'withdrawn', subject: 's-2-0' }, ...entriesOf(b, 3).slice(1)],
        }),
      ['changed_entry@3'],
    ],
    [
      'two entries swapped',
      (b) => edited(b, 3, { entries: entriesOf(b, 3).toReversed() }),
      ['changed_entry@3'],
    ],
    [
      'an entry deleted',
      (b) => edited(b, 3, { entries: entriesOf(b, 3).slice(1) }),
      ['gap_in_entries@3'],
    ],
    [
      'an entry deleted and the count with it',
      (b) => edited(b, 3, { entries: entriesOf(b, 3).slice(1), count: 2 }),
      ['changed_entry@3'],
    ],
    [
      'an entry added',
      (b) => edited(b, 3, { entries: [...entriesOf(b, 3), 1] }),
      ['added_entry@3'],
    ],
    ['a time changed', (b) => edited(b, 3, { at: 1 }), ['changed_entry@3']],
    ['a block deleted', (b) => b.filter(({ number }) => number !== 3), ['missing_block@3']],
    [
      'a block deleted and the rest numbered anew',
      (b) => b.toSpliced(3, 1).map((block, index) => ({ ...block, number: index + 1 })),
      ['changed_entry@4', 'broken_link@4', 'changed_entry@5', 'rewritten_chain@5'],
    ],
    [
      'two blocks swapped',
      (b) => b.toSpliced(2, 2, ...b.slice(2, 4).toReversed()),
      ['missing_block@3', 'reordered@3'],
    ],
    ['a block twice', (b) => b.toSpliced(2, 0, ...b.slice(1, 2)), ['reordered@2']],
    ['the tail cut below a checkpoint', (b) => b.slice(0, 4), ['cut_tail@5']],
    ['everything deleted', () => [], ['cut_tail@1']],
    [
      'a block sealed anew without the rest',
      (b) => {
        const twin = sealed(CONTENTS.map((entries, i) => (i === 2 ? [{ forged: true }] : entries)));
        return b.toSpliced(2, 1, ...twin.slice(2, 3));
      },
      ['broken_link@4'],
    ],
    [
      'the chain rewritten with valid hashes',
      () => sealed(CONTENTS.map((entries, i) => (i === 2 ? [{ forged: true }] : entries))),
      ['rewritten_chain@5'],
    ],
    [
      'the chain of another name put in its place',
      () => sealed(CONTENTS, 'decisions'),
      [1, 2, 3, 4, 5, 6].flatMap((n) => [
        `changed_entry@${n}`,
        ...(n === 2 || n === 5 ? [`rewritten_chain@${n}`] : []),
      ]),
    ],
  ];
  it.each(tampered)('shows %s', async (_, tamper, expected) => {
    expect(await kinds(tamper(sealed(CONTENTS)))).toEqual(expected);
  });

  it('cut or rewritten passes when nobody witnessed it: why checkpoints lie outside', async () => {
    const rewritten = sealed(
      CONTENTS.map((entries, i) => (i === 2 ? [{ forged: true }] : entries)),
    );
    expect(await kinds(rewritten.slice(0, 4), new Map())).toEqual([]);
  });

  it('shows any change of any part of any block', async () => {
    const json = fc
      .jsonValue()
      .filter((value) => JSON.stringify(value) !== undefined) as fc.Arbitrary<Json>;
    const contents = fc.array(fc.array(json, { maxLength: 3 }), { minLength: 1, maxLength: 4 });
    const field = fc.constantFrom(
      'prev' as const,
      'hash' as const,
      'at' as const,
      'entries' as const,
    );
    await fc.assert(
      fc.asyncProperty(contents, fc.nat(), field, async (given, pick, part) => {
        const blocks = sealed(given);
        const number = (pick % blocks.length) + 1;
        const block = blocks[number - 1] as StoredBlock;
        const change: Partial<StoredBlock> = {
          prev: { prev: sha256Hex(block.prev) },
          hash: { hash: sha256Hex(block.hash) },
          at: { at: block.at + 1 },
          entries: { entries: [...block.entries, 0], count: block.count + 1 },
        }[part];
        const witnesses = witnessesOf(blocks, [blocks.length]);
        expect(await kinds(blocks, witnesses)).toEqual([]);
        expect(await kinds(edited(blocks, number, change), witnesses)).not.toEqual([]);
      }),
    );
  });

  it('hashes an entry the same whatever the order of its members', () => {
    expect(entryHash(sha256Hex, { a: 1, b: 2 })).toBe(entryHash(sha256Hex, { b: 2, a: 1 }));
    expect(entryHash(sha256Hex, { a: 1 })).not.toBe(entryHash(sha256Hex, [{ a: 1 }]));
  });
});

describe('checkpoints', () => {
  const sign = (key: string) => (body: Omit<Checkpoint, 'signature'>) => ({
    ...body,
    signature: sha256Hex(
      key + JSON.stringify([body.writer, body.number, body.prev, body.at, body.heads]),
    ),
  });
  const isSigned = (given: Checkpoint) => {
    const { signature, ...body } = given;
    return sign('key')(body).signature === signature;
  };

  function written(count: number, key = 'key', tag = 0): Checkpoint[] {
    const list: Checkpoint[] = [];
    for (let number = 1; number <= count; number++) {
      const last = list.at(-1);
      const prev = last ? checkpointHash(sha256Hex, last) : NO_CHECKPOINT;
      const heads = [{ chain: 'ledger', number, hash: sha256Hex(`${number + tag}`) }];
      list.push(sign(key)({ writer: 'w', number, prev, at: number, heads }));
    }
    return list;
  }
  const good = written(5);
  const check = (...places: (readonly (Checkpoint | undefined)[])[]) =>
    verifyCheckpoints(places.map(stream), sha256Hex, isSigned);

  it('witness every head of every place', async () => {
    const verdict = await check(good, good);
    expect(verdict.defects).toEqual([]);
    expect(verdict.checkpoints).toBe(5);
    expect(verdict.witnesses.get('ledger')?.get(3)).toEqual(new Set([sha256Hex('3')]));
  });

  it('of two writers are numbered apart', async () => {
    const other = good.map((checkpoint) => {
      const { signature: _, ...body } = checkpoint;
      return sign('key')({ ...body, writer: 'v', prev: NO_CHECKPOINT });
    });
    expect(
      (await check([...good, ...other.slice(0, 1)], [...good, ...other.slice(0, 1)])).defects,
    ).toEqual([]);
  });

  it('may be one behind in one place, as a kill between the two leaves it', async () => {
    expect((await check(good, good.slice(0, 4))).defects).toEqual([]);
    expect((await check(good.slice(0, 1), [])).defects).toEqual([]);
  });

  const forged = written(5, 'other key');
  const signedTwin = written(5, 'key', 100);
  const cases: [string, (Checkpoint | undefined)[][], DefectKind[]][] = [
    ['a place rolled back', [good, good.slice(0, 3)], ['rolled_back_checkpoint']],
    ['a place emptied', [[], good], ['rolled_back_checkpoint']],
    ['a line that is no checkpoint', [[...good, undefined], good], ['unreadable_checkpoint']],
    [
      'one signed with another key',
      [[...good.slice(0, 4), ...forged.slice(4)], good],
      ['bad_signature'],
    ],
    [
      'one edited',
      [good, [...good.slice(0, 4), { ...(good[4] as Checkpoint), at: 9 }]],
      ['bad_signature'],
    ],
    ['one left out', [good, good.toSpliced(2, 1)], ['missing_checkpoint']],
    ['the first left out', [good, good.slice(1)], ['missing_checkpoint']],
    [
      'two swapped',
      [good, good.toSpliced(3, 2, ...good.slice(3).toReversed())],
      ['missing_checkpoint', 'reordered_checkpoint'],
    ],
    [
      'a history signed with the stolen key in one place',
      [good, signedTwin],
      Array(5).fill('conflicting_checkpoints') as DefectKind[],
    ],
    [
      'another history from the middle on',
      [[...good.slice(0, 4), ...signedTwin.slice(4)], good],
      ['broken_checkpoint_link', 'conflicting_checkpoints'],
    ],
  ];
  it.each(cases)('show %s', async (_, places, expected) => {
    expect((await check(...places)).defects.map(({ kind }) => kind)).toEqual(expected);
  });

  it('still witness what one place has lost', async () => {
    expect((await check(good, [])).witnesses.get('ledger')?.size).toBe(5);
    expect((await check(forged, forged)).witnesses.size).toBe(0);
  });

  it.each([null, 1, {}, { ...good[0], heads: [{ chain: 1 }] }, { ...good[0], number: '1' }])(
    'have a form that %j has not',
    (value) => expect(readCheckpoint(value)).toBeUndefined(),
  );
});
