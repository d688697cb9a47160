import { type Broker, describeWithKafka } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onDatabase } from '../schema/catalog.js';
import { type Installation, installation } from './installation.js';
import type { RoleProcess } from './role-process.js';
import {
  alerts,
  missingFrom,
  rolesMissed,
  rolesOfCompose,
  rolesOfProxy,
  seriesOf,
  targetsOfPrometheus,
} from './scrape.js';

const ROLES = ['intake', 'permissions', 'audiences', 'console'] as const;
/** No answer of a process that is well has it. */
const UNSEEN = new Set(['kyoka_http_request_seconds_count{status="5xx"}']);
const TOKEN = /kyoka_[\w-]+/;

await describeWithKafka('each role as a process of its own', (kafka) => {
  let broker: Broker;
  let place: Installation;
  let token: string;
  const roles = new Map<string, RoleProcess>();
  const get = (role: string, path: string, headers: Record<string, string> = {}) =>
    fetch(`${roles.get(role)?.url}${path}`, { headers, redirect: 'manual' });

  beforeAll(async () => {
    const own = await kafka.ownBroker();
    if (own === undefined) throw new Error('a broker of its own cannot be had');
    broker = own;
    place = await installation(broker);
    const made = await place.run('migrate', ['--token-for', 'user:one']);
    expect(made.code, made.output).toBe(0);
    token = TOKEN.exec(made.output)?.[0] ?? '';
    const topics = await place.run('cli', ['topics']);
    expect(topics.code, topics.output).toBe(0);
    for (const role of ROLES) roles.set(role, await place.role(role, 'a'));
    await Promise.all([...roles.values()].map((role) => role.start()));
  });
  afterAll(async () => {
    await place?.remove();
    await broker?.kill('SIGKILL');
  });

  describe.each(ROLES)('%s', (role) => {
    it('tells its metrics to whoever may see them', async () => {
      expect((await get(role, '/metrics')).status).toBe(401);
      const metrics = await get(role, '/metrics', { authorization: `Bearer ${token}` });
      expect(metrics.status).toBe(200);
      expect(await metrics.text()).toContain(`role="${role}"`);
    });

    it('refuses a second process of its name, and goes on itself', async () => {
      const second = await place.role(role, 'a');
      await expect(second.start()).rejects.toThrow(/already_running/);
      expect((await get(role, '/health/ready')).status).toBe(200);
    });
  });

  it('is scraped, each role that compose starts, and missed where it is not', () => {
    const roles = rolesOfCompose().sort();
    expect(roles).toEqual([...ROLES].sort());
    for (const told of [targetsOfPrometheus(), rolesMissed(), rolesOfProxy()]) {
      expect(told.sort()).toEqual(roles);
    }
  });

  it('has every metric and label that an alert asks for from its start', async () => {
    const authorization = `Bearer ${token}`;
    const asked = await fetch(`${roles.get('permissions')?.url}/v1/decisions`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: '[]',
    });
    expect(asked.status).toBe(400);
    const scrapes = await Promise.all(
      ROLES.map(async (role) =>
        seriesOf(await (await get(role, '/metrics', { authorization })).text()),
      ),
    );
    const missing = alerts().map((alert) => [
      alert.alert,
      missingFrom(scrapes, alert).filter((one) => !UNSEEN.has(one)),
    ]);
    expect(missing.filter(([, of]) => of?.length !== 0)).toEqual([]);
    const wrong = { alert: 'x', expr: 'max by (task) (kyoka_parked{stop="maybe"}) + kyoka_none' };
    expect(missingFrom(scrapes, wrong)).toEqual([
      'kyoka_none',
      'kyoka_parked{task}',
      'kyoka_none{task}',
      'kyoka_parked{stop="maybe"}',
    ]);
  });

  it('shows the company its pages after a sign-in only', async () => {
    const page = await get('console', '/audiences', { accept: 'text/html' });
    expect([302, 303, 401]).toContain(page.status);
    const signedIn = await get('console', '/audiences', { authorization: `Bearer ${token}` });
    expect(signedIn.status).toBe(200);
    expect(signedIn.headers.get('content-type')).toContain('text/html');
    for (const path of ['/', '/suspensions', '/parked', '/people', '/removals/overdue']) {
      expect((await get('console', path, { authorization: `Bearer ${token}` })).status).toBe(200);
    }
  });

  it('answers a link to a page of a person from permissions, and from nowhere else', async () => {
    const page = await get('permissions', `/p/${'a'.repeat(43)}`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const elsewhere = await get('audiences', `/p/${'a'.repeat(43)}`);
    expect(elsewhere.headers.get('content-type')).not.toContain('text/html');
  });

  it('logs in to the database as itself, and no service as somebody who may do more', async () => {
    const sessions = await onDatabase(place.databaseUrl, (db) =>
      db.query<{ user: string }>(
        `select distinct usename as user from pg_stat_activity
          where application_name like 'kyoka kyoka\\_%' or application_name = 'kyoka stops' order by 1`,
      ),
    );
    expect(sessions.map(({ user }) => user)).toEqual(
      [...ROLES].sort().map((role) => `kyoka_${role}_login`),
    );
    for (const [role, { output }] of roles) expect(output(), role).not.toContain('too_strong');
    const owner = await place.role('console', 'owner');
    await owner.start({ DATABASE_URL: place.databaseUrl });
    expect(owner.output()).toContain('login_too_strong');
    await owner.kill();
  });

  it('is backed up under a login that can only read', async () => {
    const { code, output } = await place.run('cli', ['backup'], 'backup');
    expect(code, output).toBe(0);
  });

  it('ends on SIGTERM with 0', async () => {
    const ended = await Promise.all(
      ['intake', 'console'].map(async (role) => roles.get(role)?.stop()),
    );
    expect(ended).toEqual([0, 0]);
  });

  it('stops when the schema changes under it, and names the migration', async () => {
    const later = 'Later1999000000000';
    await onDatabase(place.databaseUrl, (db) =>
      db.query(`insert into kyoka_migration (timestamp, name) values (1999000000000, '${later}')`),
    );
    // A role ends itself a few seconds after the change: then its port is closed, which is not ready either.
    const ready = (role: string) =>
      get(role, '/health/ready').then(
        ({ status }) => status,
        () => 'closed',
      );
    const both = ['permissions', 'audiences'] as const;
    for (const found of await Promise.all(both.map(ready)))
      expect([503, 'closed']).toContain(found);
    for (const role of both) {
      expect(await roles.get(role)?.ended()).toBe(1);
      expect(roles.get(role)?.output()).toMatch(new RegExp(`schema_mismatch.*${later}`));
    }
  });
});
