import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BIN = join(import.meta.dirname, '../../apps/cli/bin/kyoka.js');
/** Makes the process that it is preloaded into say that it is Node 20, which hands over to ours. */
const AS_NODE_20 = `data:text/javascript,${encodeURIComponent(`
  import process from 'node:process';
  import { syncBuiltinESMExports } from 'node:module';
  const versions = { ...process.versions, node: '20.0.0' };
  Object.defineProperty(process, 'versions', { value: versions });
  syncBuiltinESMExports();
`)}`;

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'kyoka-bin-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

function start(words: readonly string[], nodeOptions: readonly string[] = []) {
  const child = spawn(process.execPath, [...nodeOptions, BIN, ...words], {
    cwd: home,
    env: { PATH: process.env['PATH'] },
  });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk) => (output.out += String(chunk)));
  child.stderr.on('data', (chunk) => (output.err += String(chunk)));
  const ended = once(child, 'close').then(
    ([code, signal]) =>
      ({ code, signal, ...output }) as {
        code: number | null;
        signal: string | null;
        out: string;
        err: string;
      },
  );
  return { child, ended };
}

const run = (words: readonly string[], input = '', nodeOptions: readonly string[] = []) => {
  const { child, ended } = start(words, nodeOptions);
  child.stdin.end(input);
  return ended;
};

const LINE = '{"id":"v1","network":"meta","identifier":"email","raw":"Mary@Example.com"}\n';

describe.each([
  ['on the Node of this repository', []],
  ['on an older Node', ['--import', AS_NODE_20]],
])('kyoka %s', (_on, options) => {
  it('reads standard input and ends with the code of its command', async () => {
    const good = await run(['match-keys'], LINE, options);
    expect([good.code, JSON.parse(good.out)]).toMatchObject([0, { id: 'v1', status: 'accepted' }]);
    const refused = await run(['match-keys'], `${LINE}no JSON\n`, options);
    expect([refused.code, refused.out.trim().split('\n').length]).toEqual([1, 2]);
    expect((await run(['match-keys', '--loud'], '', options)).code).toBe(2);
  });

  it('ends on a signal', async () => {
    const { child, ended } = start(['match-keys'], options);
    child.stdin.write(LINE);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM' });
  });
});

it('works from any folder, on the files of the one it is called in', async () => {
  await cp(join(import.meta.dirname, '../../deploy'), join(home, 'deploy'), { recursive: true });
  const { code, out } = await run(['policy', 'check', 'deploy/policies/almado.yaml']);
  expect(code).toBe(0);
  expect(out).toContain('"file":"deploy/policies/almado.yaml","errors":0');
});

it('ends quietly when its reader has read enough', async () => {
  const { child, ended } = start(['match-keys']);
  child.stdout.destroy();
  child.stdin.on('error', () => undefined);
  child.stdin.end(LINE.repeat(2_000));
  expect(await ended).toMatchObject({ code: 0, err: '' });
});

describe('kyoka verify', () => {
  it('--demo finds every tampering, and nothing in what was not tampered with', async () => {
    const { code, out } = await run(['verify', '--demo']);
    const lines = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { defects: { kind: string }[]; chains?: number });
    expect(code).toBe(0);
    const last = lines.pop();
    expect(last).toMatchObject({ entries: 16, chains: 3, defects: [] });
    expect(lines.map(({ defects }) => defects[0]?.kind)).toEqual([
      'changed_entry',
      'gap_in_entries',
      'missing_block',
      'cut_tail',
      'changed_entry',
      'changed_entry',
      'missing_block',
      'cut_tail',
      'rolled_back_checkpoint',
    ]);
  });

  it('says where there is nothing to verify', async () => {
    const { code, out } = await run(['verify']);
    expect([code, JSON.parse(out)]).toMatchObject([1, { code: 'not_found' }]);
  });
});

it('ends with a fault when its output is lost for want of room', async () => {
  const full = await open('/dev/full', 'w');
  const child = spawn(process.execPath, [BIN, 'match-keys'], {
    cwd: home,
    env: { PATH: process.env['PATH'] },
    stdio: ['pipe', full.fd, 'pipe'],
  });
  let told = '';
  child.stderr?.on('data', (chunk) => (told += String(chunk)));
  child.stdin?.on('error', () => undefined).end(LINE.repeat(20_000));
  const [code] = (await once(child, 'close')) as [number];
  await full.close();
  expect([code, told]).toEqual([74, 'kyoka: the output could not be written\n']);
});
