import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyHead, sealBlock } from '@kyoka/chain';
import { openCheckpoints, sha256Hex } from '@kyoka/evidence';
import { openVault } from '@kyoka/vault';
import type { Vault } from '@kyoka/vault';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { verifyCommand } from './verify.js';

const root = await mkdtemp(join(tmpdir(), 'kyoka-cli-'));
afterAll(async () => rm(root, { recursive: true, force: true }));
const keyDir = join(root, 'keys');
let vault: Vault;
beforeAll(async () => {
  vault = await openVault({ keyDir, create: true });
});

let written: string[] = [];
beforeEach(() => (written = []));
const write = (line: string) => void written.push(line);
const answer = () => JSON.parse(written.at(-1) ?? '') as Record<string, unknown>;

describe('verify', () => {
  it('answers 0 for a sound chain and 1 for a defect, with the report as last line', async () => {
    const dirs = [join(root, 'a'), join(root, 'b')];
    const entries = [{ act: 'granted' }];
    const block = sealBlock(sha256Hex, emptyHead('ledger'), entries, 1);
    const writer = await openCheckpoints({ dirs, writer: 'main', signer: vault.checkpointSigner });
    await writer.write([block], 1);
    await writer.close();
    const sourceOf = (stored: object[]) => ({
      chains: async () => Promise.resolve(['ledger']),
      heads: async () => Promise.resolve([]),
      async *blocks() {
        yield { ...block, count: 1, entries: stored as { act: string }[] };
      },
    });
    const run = async (stored: object[], keys = keyDir) =>
      verifyCommand(sourceOf(stored), { checkpointDirs: dirs, keyDir: keys }, write);
    expect(await run(entries)).toBe(0);
    expect(answer()).toMatchObject({ entries: 1, chains: 1, defects: [] });
    expect(await run([{ act: 'withdrawn' }])).toBe(1);
    expect(answer()).toMatchObject({
      defects: [{ kind: 'changed_entry', chain: 'ledger', block: 1 }],
    });
    await expect(run(entries, root)).rejects.toMatchObject({ code: 'key_missing' });
  });
});
