import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expectedCounts, sampleCompany, sampleContacts } from '@kyoka/sample';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leakScanner } from '../leaks/leak-scan.js';
import { plantedOf } from '../leaks/planted.js';
import { leaksIn } from './leaks.js';
import {
  databaseProcess,
  installation,
  type Installation,
  type Running,
  SERVING,
} from './process.js';
import { summaryOf } from './summary.js';

const PEOPLE = 2_000;

describe('the first start', () => {
  let place: Installation;
  let first: Running;
  let token: string;
  /** What the printed links and a session are opened by. */
  let secrets: string[];

  beforeAll(async () => {
    place = await installation({ KYOKA_SAMPLE_PEOPLE: String(PEOPLE) });
    first = place.start();
    await first.says(SERVING);
    token = /KYOKA_TOKEN=(\S+)/.exec(first.output())?.[1] ?? '';
  });
  afterAll(() => place.remove());

  const get = (path: string, bearer?: string) =>
    fetch(new URL(path, place.url), {
      headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
    });

  it('counts every event of the sample company', () => {
    const company = sampleCompany({ seed: 1, people: PEOPLE, now: Date.now() });
    const expected = expectedCounts(company);
    const { events, came, made } = summaryOf(first.output());
    // The suspension that the first run asks for is an event as well.
    expect({ came, made }).toEqual({ came: company.events.length, made: 1 });
    expect(events).toEqual({ ...expected, accepted: (expected.accepted ?? 0) + made });
    expect(Object.values(events).reduce((sum, n) => sum + n, 0)).toBe(came + made);
  });

  it('sends what the waterfall says, and everybody is accepted', () => {
    const { audiences } = summaryOf(first.output());
    expect(audiences.map(({ recipient }) => recipient)).toEqual(['google', 'meta']);
    for (const { segment, refused, sent, accepted, held } of audiences) {
      expect(segment - refused).toBe(sent);
      expect(sent).toBeGreaterThan(30);
      expect(accepted).toBe(sent);
      // The person who was suspended has left both.
      expect(held).toBe(sent - 1);
    }
  });

  it('carries the suspension to a confirmation at each network, each on its own basis', () => {
    const { suspensions } = summaryOf(first.output());
    expect(suspensions).toEqual([
      { google: ['requested', 'sent', 'job_status'], meta: ['requested', 'sent', 'declared_time'] },
    ]);
  });

  it('answers health to everybody, and anything else to who holds the token', async () => {
    expect((await get('/health/live')).status).toBe(200);
    expect((await get('/health/ready')).status).toBe(200);
    expect((await get('/v1/parked')).status).toBe(401);
    expect((await get('/v1/parked', `${token}x`)).status).toBe(401);
    expect((await get('/v1/parked', token)).status).toBe(200);
  });

  it('opens a person’s page, and signs in, by the links that it printed', async () => {
    const [person = ''] = /http\S+\/p\/[\w-]+/.exec(first.output()) ?? [];
    const [signIn = ''] = /http\S+\/sign-in\/once\/[\w-]+/.exec(first.output()) ?? [];
    expect((await fetch(person)).status).toBe(200);
    for (const wrong of ['x', '/x', '?x'])
      expect((await fetch(`${person}${wrong}`)).ok).toBe(wrong === '?x');
    const begun = await fetch(signIn, {
      method: 'POST',
      body: new URLSearchParams(),
      redirect: 'manual',
    });
    const session = /kyoka_session=([\w-]+)/.exec(begun.headers.getSetCookie().join())?.[1] ?? '';
    const cookie = `kyoka_session=${session}`;
    expect((await fetch(new URL('/access', place.url), { headers: { cookie } })).status).toBe(200);
    secrets = [session, ...[person, signIn].map((url) => url.split('/').at(-1) as string)];
    expect(secrets.every((secret) => secret.length > 30)).toBe(true);
  });

  it('lets no second process at the same data', async () => {
    const second = place.start({ env: { KYOKA_PORT: '0', KYOKA_SANDBOX_PORT: '0' } });
    expect(await second.ended).toBe(1);
    expect(second.output()).toContain('already_running');
    expect((await get('/health/ready')).status).toBe(200);
  });

  it('stops cleanly, and starts again with the same data and the same token', async () => {
    const before = summaryOf(first.output());
    first.signal('SIGINT');
    expect(await first.ended).toBe(0);
    expect(await databaseProcess(place.folder)).toBeUndefined();

    const again = place.start();
    await again.says(SERVING);
    expect(again.output()).not.toContain('KYOKA_TOKEN=');
    expect(summaryOf(again.output())).toEqual(before);
    expect((await get('/v1/parked', token)).status).toBe(200);

    again.signal('SIGTERM');
    expect(await again.ended).toBe(0);
  });

  it('leaves no contact of the sample in what it printed, logged, stored or the sandbox kept, and no secret of a link', async () => {
    const company = sampleCompany({ seed: 1, people: PEOPLE, now: Date.now() });
    const planted = plantedOf(sampleContacts(company));
    const scanner = leakScanner(planted);
    expect(scanner.scanText(first.output(), 'terminal')).toEqual([]);

    const all = leakScanner([...planted, ...plantedOf(secrets)]);
    const { leaks, rows, files } = await leaksIn(place.folder, all);
    expect(leaks).toEqual([]);
    expect(rows).toBeGreaterThan(20_000);
    expect(files).toBeGreaterThan(1_000);
    for (const name of ['data/kyoka.log', 'sandbox', 'journal', 'checkpoints', 'keys']) {
      expect(existsSync(join(place.folder, name)), name).toBe(true);
    }
  });

  it('would find one wherever it lay', async () => {
    const files = ['data/kyoka.log', 'data/postgres/planted', 'journal/planted', 'sandbox/planted'];
    const planted = plantedOf(['taro.planted@example.jp']);
    const line = `{"x":"${sha256('taro.planted@example.jp')}"}\n`;
    for (const file of files) await appendFile(join(place.folder, file), line);
    const { leaks } = await leakScanner(planted).scanFolder(place.folder);
    expect(leaks.map(({ where }) => where).sort()).toEqual(files);
  });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
