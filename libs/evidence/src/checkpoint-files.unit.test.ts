import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import { checkpointsAfter, placeAsItIs } from './checkpoint-file.js';
import { type CheckpointWriter, openCheckpoints } from './index.js';
import { verifyEvidence } from './verify.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  publicKey,
  sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
  publicKeyPem: '',
};
const root = await mkdtemp(join(tmpdir(), 'kyoka-checkpoint-files-'));
afterAll(() => rm(root, { recursive: true }));

const FULL_BYTES = 2_000;
let dirs: [string, string];
let count = 0;
let writer: CheckpointWriter;
beforeEach(async () => {
  count += 1;
  dirs = [join(root, String(count), 'a'), join(root, String(count), 'b')];
  writer = await open();
});
afterEach(() => writer.close());

const open = () => openCheckpoints({ dirs, writer: 'main', signer, fullBytes: FULL_BYTES });
const write = (number: number) =>
  writer.write([{ chain: 'ledger', number, hash: 'a'.repeat(64) }], number);
const noChains = { chains: () => Promise.resolve([]), async *blocks() {} };
const defects = async () =>
  (await verifyEvidence({ reader: noChains, dirs, publicKey })).defects.filter(
    ({ kind }) => kind.includes('checkpoint') || kind.includes('signature'),
  );
const numbers = async (found: AsyncIterable<{ number: number } | undefined>) => {
  const all: (number | undefined)[] = [];
  for await (const one of found) all.push(one?.number);
  return all;
};
const upTo = (last: number, from = 1) =>
  Array.from({ length: last - from + 1 }, (_, n) => from + n);

it('go on in another file when one is full, also after restarts, and verify as one', async () => {
  for (const number of upTo(40)) {
    expect(await write(number)).toMatchObject({ number });
    if (number % 9 !== 0) continue;
    await writer.close();
    writer = await open();
    expect(writer.highest()).toBe(number);
  }
  for (const dir of dirs) {
    const files = (await readdir(dir)).sort();
    expect(files.length).toBeGreaterThan(4);
    expect(files.at(-1)).toBe('checkpoints-main.jsonl');
    expect(await numbers(await placeAsItIs(dir))).toEqual(upTo(40));
  }
  expect(await defects()).toEqual([]);
});

it('control: a file of the middle that is gone is found', async () => {
  for (const number of upTo(40)) await write(number);
  const [, middle] = (await readdir(dirs[0])).sort();
  await rm(join(dirs[0], middle ?? ''));
  expect(await defects()).toMatchObject([{ kind: 'missing_checkpoint', place: 0 }]);
});

it('are read from a number on', async () => {
  for (const number of upTo(40)) await write(number);
  for (const after of [0, 1, 17, 39, 40]) {
    expect(await numbers(checkpointsAfter(dirs[0], 'main', after))).toEqual(upTo(40, after + 1));
  }
});

it('a start reads the end of the last file alone', async () => {
  for (const number of upTo(40)) await write(number);
  await writer.close();
  // Whatever lies before: a start that read it would find no number in it.
  for (const dir of dirs) {
    const files = (await readdir(dir)).sort();
    for (const file of [...files.slice(0, -2), 'checkpoints-main.jsonl']) {
      await writeFile(join(dir, file), 'unreadable\n'.repeat(1_000));
    }
  }
  writer = await open();
  expect(writer.highest()).toBe(40);
});

it('what is written while a place is read is left for the next time', async () => {
  for (const number of upTo(3)) await write(number);
  const before = await placeAsItIs(dirs[0]);
  await write(4);
  expect(await numbers(before)).toEqual([1, 2, 3]);
});
