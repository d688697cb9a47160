import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyHead, sealBlock } from '@kyoka/chain';
import type { Head, StoredBlock } from '@kyoka/chain';
import type { CheckpointSigner } from '@kyoka/vault';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { joinChains, openCheckpoints, sha256Hex, verifyEvidence } from './index.js';
import type { ChainSource, CheckpointWriter } from './index.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-checkpoints-'));
afterAll(async () => rm(root, { recursive: true, force: true }));

function makeSigner(): CheckpointSigner {
  const { privateKey } = generateKeyPairSync('ed25519');
  const publicKey = createPublicKey(privateKey);
  return { sign: (bytes) => sign(null, bytes, privateKey), publicKey, publicKeyPem: '' };
}
const signer = makeSigner();

/** A small system: chains as a database would hold them, checkpoints in two real folders. */
class System {
  readonly blocks = new Map<string, StoredBlock[]>();
  readonly dirs: string[];
  writer: CheckpointWriter | undefined;

  constructor(name: string) {
    this.dirs = ['a', 'b'].map((place) => join(root, name, place));
  }

  async open(): Promise<CheckpointWriter> {
    this.writer = await openCheckpoints({ dirs: this.dirs, writer: 'main', signer });
    return this.writer;
  }

  async close(): Promise<void> {
    await this.writer?.close();
    this.writer = undefined;
  }

  async reopen(): Promise<void> {
    await this.close();
    await this.open();
  }

  heads(): Head[] {
    return [...this.blocks].map(([chain, list]) => {
      const last = list.at(-1);
      return last ? { chain, number: last.number, hash: last.hash } : emptyHead(chain);
    });
  }

  add(chain: string, value: string): void {
    const list = this.blocks.get(chain) ?? [];
    this.blocks.set(chain, list);
    const head = list.at(-1) ? { chain, ...(list.at(-1) as StoredBlock) } : emptyHead(chain);
    const entries = [{ value }];
    const { number, prev, hash, at } = sealBlock(sha256Hex, head, entries, list.length);
    list.push({ number, prev, hash, at, count: 1, entries });
  }

  async checkpoint(): Promise<number | undefined> {
    return (await this.writer?.write(this.heads(), 1))?.number;
  }

  async verify() {
    const { blocks } = this;
    return verifyEvidence({
      dirs: this.dirs,
      publicKey: signer.publicKey,
      reader: {
        chains: async () => Promise.resolve([...blocks.keys()]),
        async *blocks(chain) {
          yield* blocks.get(chain) ?? [];
        },
      },
    });
  }

  async kinds(): Promise<string[]> {
    return (await this.verify()).defects.map(({ kind }) => kind);
  }

  file(place: number): string {
    return join(this.dirs[place] ?? '', 'checkpoints-main.jsonl');
  }
}

let system: System;
let count = 0;
beforeEach(async () => {
  count += 1;
  system = new System(String(count));
  await system.open();
  for (const value of ['1', '2', '3', '4']) {
    system.add('ledger', value);
    if (value !== '4') system.add('decisions', value);
    await system.checkpoint();
  }
  await system.close();
});

afterEach(async () => system.close());

const lines = async (path: string) => (await readFile(path, 'utf8')).split('\n').slice(0, -1);

describe('verification', () => {
  it('finds nothing in an untouched system', async () => {
    expect(await system.verify()).toEqual({
      entries: 7,
      shredded: 0,
      chains: 2,
      blocks: 7,
      checkpoints: 4,
      unwitnessed: 0,
      defects: [],
      defectsLeftOff: 0,
    });
  });

  it('counts what no checkpoint covers yet', async () => {
    system.add('ledger', '5');
    expect(await system.verify()).toMatchObject({ unwitnessed: 1, defects: [] });
  });

  const rebuilt = (values: string[]) => {
    const other = new System('other');
    for (const value of values) other.add('ledger', value);
    return other.blocks.get('ledger') ?? [];
  };
  const tampers: [string, () => void | Promise<void>, string[]][] = [
    [
      'a changed entry',
      () =>
        void system.blocks.set(
          'ledger',
          (system.blocks.get('ledger') ?? []).with(1, {
            ...(system.blocks.get('ledger')?.[1] as StoredBlock),
            entries: [{ value: 'x' }],
          }),
        ),
      ['changed_entry'],
    ],
    ['a deleted block', () => void system.blocks.get('ledger')?.splice(1, 1), ['missing_block']],
    ['a cut tail', () => void system.blocks.get('ledger')?.pop(), ['cut_tail']],
    ['a chain that is gone', () => void system.blocks.delete('decisions'), ['cut_tail']],
    [
      'a chain rewritten with valid hashes',
      () => void system.blocks.set('ledger', rebuilt(['1', 'x', '3', '4'])),
      Array<string>(3).fill('rewritten_chain'),
    ],
    ['a place rolled back', async () => truncate(system.file(0), 0), ['rolled_back_checkpoint']],
    [
      'a place deleted',
      async () => rm(system.dirs[1] ?? '', { recursive: true }),
      ['rolled_back_checkpoint'],
    ],
    [
      'both places deleted',
      async () => {
        for (const dir of system.dirs) await rm(dir, { recursive: true });
      },
      ['missing_checkpoints'],
    ],
    [
      'a line of another form',
      async () => appendFile(system.file(0), '{"number":5}\n'),
      ['unreadable_checkpoint'],
    ],
    [
      'a cut tail with one place rolled back to fit',
      async () => {
        system.blocks.get('ledger')?.splice(1);
        await writeFile(
          system.file(1),
          `${(await lines(system.file(1))).slice(0, 1).join('\n')}\n`,
        );
      },
      ['rolled_back_checkpoint', 'cut_tail'],
    ],
    [
      'a rewritten chain with a checkpoint signed by somebody else',
      async () => {
        system.blocks.set('ledger', rebuilt(['1', '2', '3', 'x']));
        const forger = await openCheckpoints({
          dirs: [join(root, `${count}`, 'forged')],
          writer: 'main',
          signer: makeSigner(),
        });
        await forger.write(system.heads(), 1);
        await forger.close();
        const [forged = ''] = await lines(
          join(root, `${count}`, 'forged', 'checkpoints-main.jsonl'),
        );
        for (const place of [0, 1]) {
          await writeFile(
            system.file(place),
            [...(await lines(system.file(place))).slice(0, 3), forged, ''].join('\n'),
          );
        }
      },
      ['bad_signature', 'bad_signature'],
    ],
  ];
  it.each(tampers)('shows %s', async (_, tamper, expected) => {
    await tamper();
    expect(await system.kinds()).toEqual(expected);
  });

  it('shows a thousand defects and counts the rest', async () => {
    system.blocks.set(
      'ledger',
      Array.from({ length: 1_500 }, () => system.blocks.get('ledger')?.[0] as StoredBlock),
    );
    const report = await system.verify();
    expect(report.defects).toHaveLength(1_000);
    expect(report.defectsLeftOff).toBeGreaterThan(0);
  });
});

describe('chains of several contexts', () => {
  const source = (names: readonly string[]): ChainSource => ({
    chains: async () => Promise.resolve(names),
    async *blocks(chain) {
      if (names.includes(chain)) yield* system.blocks.get(chain) ?? [];
    },
    heads: async () => Promise.resolve(system.heads().filter((head) => names.includes(head.chain))),
  });
  const verify = async (...contexts: (readonly string[])[]) =>
    verifyEvidence({
      dirs: system.dirs,
      publicKey: signer.publicKey,
      reader: joinChains(contexts.map(source)),
    });

  it('are checkpointed and verified together', async () => {
    system.add('ledger', '5');
    system.add('decisions', '5');
    const joined = joinChains([source(['ledger']), source(['decisions'])]);
    const writer = await system.open();
    const checkpoint = await writer.write(await joined.heads(), 2);
    expect(checkpoint?.heads.map(({ chain, number }) => [chain, number])).toEqual([
      ['decisions', 4],
      ['ledger', 5],
    ]);
    expect(await verify(['ledger'], ['decisions'])).toMatchObject({
      chains: 2,
      entries: 9,
      unwitnessed: 0,
      defects: [],
    });
  });

  it('miss the chain of a context that is not read', async () => {
    expect((await verify(['ledger'])).defects).toEqual([
      { kind: 'cut_tail', chain: 'decisions', block: 1 },
    ]);
  });

  it('may not share a name', async () => {
    const { defects } = await verify(['ledger', 'decisions'], ['ledger']);
    expect(new Set(defects.map(({ kind }) => kind))).toEqual(new Set(['reordered']));
  });
});

describe('the writer of checkpoints', () => {
  it('writes nothing when no chain has grown, also after a restart', async () => {
    await system.reopen();
    expect(await system.checkpoint()).toBeUndefined();
    system.add('ledger', '5');
    expect(await system.checkpoint()).toBe(5);
    await system.reopen();
    expect(await system.checkpoint()).toBeUndefined();
    expect(await system.kinds()).toEqual([]);
  });

  it('numbers writes that come together one after the other', async () => {
    const writer = await system.open();
    const numbers: Promise<number | undefined>[] = [];
    for (const value of ['5', '6', '7']) {
      system.add('ledger', value);
      numbers.push(writer.write(system.heads(), 1).then((checkpoint) => checkpoint?.number));
    }
    expect(await Promise.all(numbers)).toEqual([5, 6, 7]);
    expect(await system.kinds()).toEqual([]);
  });

  it('takes up a write that was cut at any byte, in either place', async () => {
    const content = await readFile(system.file(0));
    const cuts = content.lastIndexOf('{"writer"');
    for (let cut = cuts; cut < content.length; cut += 7) {
      for (const place of [0, 1]) {
        await writeFile(system.file(place), content.subarray(0, cut));
        await writeFile(system.file(1 - place), content);
        expect(await system.kinds()).toEqual([]);
        await system.reopen();
        await system.writer?.write([...system.heads(), { chain: 'x', number: 0, hash: '' }], 1);
        expect(await system.kinds()).toEqual([]);
      }
    }
  });

  it('does not hide that a place was rolled back', async () => {
    await writeFile(system.file(1), `${(await lines(system.file(1)))[0]}\n`);
    await system.reopen();
    system.add('ledger', '5');
    await system.checkpoint();
    expect(await system.kinds()).toEqual(['missing_checkpoint']);
  });

  it('brings a place that could not be written what it lacks', async () => {
    await system.open();
    const kept = await readFile(system.file(1));
    await appendFile(system.file(1), 'somebody else\n');
    system.add('ledger', '5');
    await expect(system.checkpoint()).rejects.toMatchObject({ code: 'internal' });
    await writeFile(system.file(1), kept);
    system.add('ledger', '6');
    expect(await system.checkpoint()).toBe(6);
    expect(await lines(system.file(1))).toEqual(await lines(system.file(0)));
    expect(await system.kinds()).toEqual([]);
  });
});
