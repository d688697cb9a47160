import { generateKeyPairSync, sign } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeEach, expect, it } from 'vitest';
import {
  type Checkpoint,
  type CheckpointWriter,
  keepCheckpoints,
  openCheckpoints,
} from './index.js';
import { openPublishing } from './publish-checkpoints.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signer = {
  publicKey,
  sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
  publicKeyPem: '',
};
const root = await mkdtemp(join(tmpdir(), 'kyoka-publishing-'));
afterAll(() => rm(root, { recursive: true }));

let dirs: [string, string];
let count = 0;
let writer: CheckpointWriter;
let topic: number[];
let isAway: boolean;
beforeEach(async () => {
  count += 1;
  dirs = [join(root, String(count), 'a'), join(root, String(count), 'b')];
  [topic, isAway] = [[], false];
  writer = await openCheckpoints({ dirs, writer: 'main', signer, fullBytes: 20_000 });
});
afterEach(() => writer.close());

const write = (number: number) =>
  writer.write([{ chain: 'ledger', number, hash: 'a'.repeat(64) }], number);
const open = () =>
  openPublishing({
    dirs,
    writer: 'main',
    publicKey,
    async send(checkpoints: readonly Checkpoint[]) {
      if (isAway) throw new Error('away');
      topic.push(...checkpoints.map(({ number }) => number));
    },
  });
const upTo = (last: number) => Array.from({ length: last }, (_, n) => n + 1);

it('sends first what could not be sent, in order, also after a restart', async () => {
  const publisher = await open();
  await write(1);
  await publisher.publishUpTo(1);
  isAway = true;
  for (const number of [2, 3]) {
    await write(number);
    await expect(publisher.publishUpTo(number)).rejects.toThrow('away');
  }
  isAway = false;
  await write(4);
  await (await open()).publishUpTo(4);
  expect(topic).toEqual([1, 2, 3, 4]);
});

it('sends a long history in parts, from all its files', async () => {
  for (const number of upTo(600)) await write(number);
  await (await open()).publishUpTo(600);
  expect(topic).toEqual(upTo(600));
});

it('sends what only one of the places could keep', async () => {
  const publisher = await open();
  await write(1);
  await publisher.publishUpTo(1);
  const file = join(dirs[0], 'checkpoints-main.jsonl');
  const kept = await readFile(file);
  await appendFile(file, 'somebody else\n');
  await expect(write(2)).rejects.toMatchObject({ code: 'internal' });
  await publisher.publishUpTo(writer.highest());
  expect(topic).toEqual([1, 2]);
  await writeFile(file, kept);
  await write(3);
  await publisher.publishUpTo(3);
  expect(topic).toEqual([1, 2, 3]);
});

it('publishes nothing that is not signed', async () => {
  await write(1);
  await appendFile(
    join(dirs[0], 'checkpoints-main.jsonl'),
    `${JSON.stringify({ writer: 'main', number: 2, prev: '', at: 1, heads: [], signature: 'AA' })}\n`,
  );
  await (await open()).publishUpTo(2);
  expect(topic).toEqual([1]);
});

it('is tried again in the next round, although no chain has grown', async () => {
  isAway = true;
  const faults: unknown[] = [];
  const keeper = keepCheckpoints({
    writer,
    heads: () => Promise.resolve([{ chain: 'ledger', number: 1, hash: 'a'.repeat(64) }]),
    everyMs: 5,
    clock: () => 1,
    onWritten: () => undefined,
    publisher: await open(),
    onFault: (fault) => faults.push(fault),
  });
  while (faults.length < 2) await sleep(5);
  isAway = false;
  while (topic.length === 0) await sleep(5);
  await keeper.stop();
  expect(topic).toEqual([1]);
});
