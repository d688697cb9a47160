import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@kyoka/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { databaseProcess, installation, type Installation, ROOT, SERVING } from './process.js';

let place: Installation;
beforeEach(async () => {
  place = await installation({ KYOKA_SAMPLE_PEOPLE: '0' });
});
afterEach(() => place.remove());

/** Whether any process of a group is there. */
function groupIsThere(leader: number): boolean {
  try {
    return process.kill(-leader, 0);
  } catch {
    return false;
  }
}

// A terminal signals the whole group, and npm passes the signal on: the program gets it twice.
it.each(['SIGINT', 'SIGTERM'] as const)(
  '%s to npm start and all it started ends everything, the database too',
  async (signal) => {
    const npm = spawn('npm', ['start', '--silent'], {
      cwd: ROOT,
      detached: true,
      env: { ...process.env, ...place.env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const leader = npm.pid as number;
    try {
      let output = '';
      npm.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
      await eventually('it serves', () => output.includes(SERVING), { withinMs: 120_000 });
      expect(await databaseProcess(place.folder)).toBeGreaterThan(0);

      process.kill(-leader, signal);
      await once(npm, 'close');
      await eventually('all of it has ended', () => !groupIsThere(leader));
    } finally {
      if (groupIsThere(leader)) process.kill(-leader, 'SIGKILL');
    }
    expect(await databaseProcess(place.folder)).toBeUndefined();
    const log = await readFile(join(place.folder, 'data', 'kyoka.log'), 'utf8');
    expect(log).toContain('"code":"process_stopped"');
  },
);
