import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installation, type Installation } from './process.js';

describe('a start with wrong settings', () => {
  let place: Installation;
  beforeAll(async () => {
    place = await installation({ KYOKA_SAMPLE_PEOPLE: '0' });
  });
  afterAll(() => place.remove());

  const refused = async (env: Record<string, string>): Promise<string> => {
    const running = place.start({ env });
    expect(await running.ended).toBe(1);
    expect(running.output()).not.toMatch(/^\s+at .+:\d+:\d+/m);
    return running.output();
  };

  it('names every wrong variable at once, with what was expected, and makes nothing', async () => {
    const output = await refused({
      KYOKA_PORT: 'http',
      KYOKA_SAMPLE_PEOPLE: '-3',
      KYOKA_LOG_LEVEL: 'loud',
      DATABASE_URL: 'mysql://somebody:hunter2@db/x',
      KYOKA_GOOGLE_URL: 'ftp://example.test',
      KYOKA_CHECKPOINT_DIRS: 'one',
    });
    for (const name of [
      'KYOKA_PORT',
      'KYOKA_SAMPLE_PEOPLE',
      'KYOKA_LOG_LEVEL',
      'DATABASE_URL',
      'KYOKA_GOOGLE_URL',
      'KYOKA_CHECKPOINT_DIRS',
    ]) {
      expect(output).toMatch(new RegExp(`^ *${name}: .{8,}`, 'm'));
    }
    expect(output).not.toContain('hunter2');
    expect(existsSync(join(place.folder, 'data'))).toBe(false);
    expect(existsSync(join(place.folder, 'keys'))).toBe(false);
  });

  it.each([
    ['keys inside the data', (folder: string) => ({ KYOKA_KEY_DIR: join(folder, 'data', 'keys') })],
    [
      'the journal inside the data',
      (folder: string) => ({ KYOKA_JOURNAL_DIR: join(folder, 'data', 'journal') }),
    ],
    [
      'checkpoints inside the data',
      (folder: string) => ({
        KYOKA_CHECKPOINT_DIRS: `${join(folder, 'data', 'c')},${join(folder, 'd')}`,
      }),
    ],
    [
      'a deploy folder that is not there',
      (folder: string) => ({ KYOKA_DEPLOY_DIR: `${folder}/no` }),
    ],
  ])('refuses %s', async (_, env) => {
    const settings = env(place.folder);
    const output = await refused(settings);
    expect(output).toContain('config_invalid');
    for (const name of Object.keys(settings)) expect(output).toContain(name);
  });

  it('names the port that another program has', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const output = await refused({ KYOKA_PORT: String(port) });
    expect(output).toMatch(/KYOKA_PORT: .*other program/);
    await new Promise((resolve) => other.close(resolve));
  });

  it('refuses words it does not know with 2', async () => {
    const running = place.start({ args: ['--help-me'] });
    expect(await running.ended).toBe(2);
    expect(running.output()).toContain('usage: npm start');
  });
});
