import { randomUUID } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, tokyoDay } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import { createPublisher, toStructured } from '@kyoka/publisher';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka } from './kyoka.js';
import { eventOf, member } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

describe('kyoka policy and recipient', () => {
  it.each([
    ['policy', POLICY],
    ['recipient', 'google'],
  ])('%s enable takes two owners, disable one', async (what, id) => {
    const asked = await kyoka(harness, [what, 'enable', id, '--reason', 'test']);
    expect(asked).toMatchObject({ code: 0, out: [{ state: 'off' }] });
    const { request } = asked.out[0]?.['pending'] as { request: string };
    const approve = [what, 'enable', id, '--approve', request];
    expect(await kyoka(harness, approve)).toMatchObject({
      code: 1,
      out: [{ status: 'refused', code: 'not_permitted' }],
    });
    const { suzuki } = harness.tokens;
    expect(await kyoka(harness, approve, { token: suzuki })).toMatchObject({
      code: 0,
      out: [{ state: 'on', requestedBy: 'user:sato', approvedBy: 'user:suzuki' }],
    });
    const disable = [what, 'disable', id, '--reason', 'test'];
    expect(await kyoka(harness, disable)).toMatchObject({ code: 0, out: [{ state: 'off' }] });
    const again = await kyoka(harness, [what, 'enable', id, '--reason', 'test']);
    const pending = again.out[0]?.['pending'] as { request: string };
    await kyoka(harness, [what, 'enable', id, '--approve', pending.request], { token: suzuki });
  });
});

describe('kyoka recipient register', () => {
  const TERMS = {
    id: 'newcomer',
    kind: 'processor',
    basis: 'processor',
    contractRef: 'contract-7',
    items: ['hashed_email'],
    reviewedAt: '2026-10-01',
    country: 'JP',
    party: { name: 'Newcomer KK', address: '1 Test Street', representative: 'test representative' },
  };
  const register = (more: object = {}) =>
    kyoka(harness, ['recipient', 'register'], { input: [JSON.stringify({ ...TERMS, ...more })] });

  it('registers, and changes terms only while nobody has agreed to them', async () => {
    expect(await register()).toMatchObject({
      code: 0,
      out: [{ ...TERMS, registeredBy: 'user:sato' }],
    });
    expect(await register({ country: 'US' })).toMatchObject({ code: 0, out: [{ country: 'US' }] });
    await register();
    const asked = await kyoka(harness, ['recipient', 'enable', 'newcomer', '--reason', 'test']);
    const conflict = { code: 1, out: [{ status: 'refused', code: 'conflict' }] };
    expect(await register({ country: 'US' })).toMatchObject(conflict);
    const { request } = asked.out[0]?.['pending'] as { request: string };
    const approve = ['recipient', 'enable', 'newcomer', '--approve', request];
    await kyoka(harness, approve, { token: harness.tokens.suzuki });
    const others = [
      { items: ['hashed_phone'] },
      { filing: 'f-1' },
      { basis: undefined },
      { party: { ...TERMS.party, representative: 'another' } },
      { party: undefined },
    ];
    for (const other of others) {
      expect(await register(other)).toMatchObject(conflict);
    }
    expect(await register({ reviewedAt: '2026-11-01' })).toMatchObject({ code: 0 });
    await kyoka(harness, ['recipient', 'disable', 'newcomer', '--reason', 'test']);
    expect(await register({ country: 'US' })).toMatchObject({ code: 0 });
  });

  it('a recipient that no record of provision could name is not asked for', async () => {
    const terms = { id: 'unnamed', kind: 'other', basis: 'consent', party: undefined };
    expect(await register(terms)).toMatchObject({ code: 0 });
    expect(
      await kyoka(harness, ['recipient', 'enable', 'unnamed', '--reason', 'test']),
    ).toMatchObject({
      code: 1,
      out: [{ status: 'refused', code: 'conflict', faults: [{ field: 'party' }] }],
    });
  });

  it.each([
    { kind: 'friend' },
    { country: 'Japan' },
    { items: [] },
    { limit: 10 },
    { party: { name: 'Newcomer KK', address: '1 Test Street' } },
    { party: { ...TERMS.party, representative: '' } },
    { party: { ...TERMS.party, phone: '03-0000-0000' } },
  ])('refuses %j', async (wrong) => {
    expect(await register(wrong)).toMatchObject({ code: 1, out: [{ code: 'bad_input' }] });
  });
});

describe('kyoka publish', () => {
  it('answers each event with what became of it, and ends with 1 where one was refused', async () => {
    const [registered, granted] = member('published', [{ kind: 'email', value: 'pub@example.jp' }]);
    const lines = [registered, registered, { ...granted, type: 'com.example.x' }, { a: 1 }];
    const input = [...lines.map((event) => JSON.stringify(event)), 'pub@example.jp'];
    const { code, out, text } = await kyoka(harness, ['publish'], { input });
    expect(code).toBe(1);
    expect(out).toMatchObject([
      { line: 1, id: registered?.id, status: 'accepted' },
      { line: 2, id: registered?.id, status: 'duplicate' },
      { line: 3, status: 'skipped' },
      { line: 4, status: 'refused' },
      { line: 5, status: 'refused' },
    ]);
    expect(text).not.toContain('pub@');
  });

  it('sends many in their order', async () => {
    const events = Array.from({ length: 60 }, (_, index) =>
      eventOf(`many-${index}`, 'customer.registered', {
        category: 'member',
        policyVersion: POLICY,
      }),
    );
    const input = events.map((event) => JSON.stringify(event));
    const { code, out } = await kyoka(harness, ['publish', '--to', harness.url], { input });
    expect(code).toBe(0);
    expect(out.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  });
});

describe('kyoka publisher add', () => {
  it('registers a key whose events are signed and sealed, and taken', async () => {
    const out = join(harness.keyDir, '..', 'key.json');
    const ran = await kyoka(harness, [
      ...['publisher', 'add', '--name', 'shop', '--source', 'store', '--out', out],
      ...['--type', 'jp.kyoka.customer.registered.v1', '--until', '2099-12-31'],
    ]);
    expect(ran).toMatchObject({ code: 0, out: [{ status: 'registered', sources: ['store'] }] });
    const { kid, key } = JSON.parse(await readFile(out, 'utf8')) as { kid: string; key: string };
    await rm(out);
    expect(ran.text).not.toContain(key);
    const { id, type, time, data } = eventOf('sealed', 'customer.registered', {
      category: 'member',
      policyVersion: POLICY,
      contacts: [{ kind: 'email', value: 'sealed@example.jp' }],
    });
    const publisher = createPublisher({ kid, key, source: 'store' });
    const event = await publisher.event({ id, type, time, data: data as never });
    const line = JSON.stringify(toStructured(event));
    expect(line).not.toContain('sealed@');
    expect(await kyoka(harness, ['publish'], { input: [line] })).toMatchObject({
      code: 0,
      out: [{ status: 'accepted' }],
    });
    const found = await kyoka(harness, ['explain'], { input: ['sealed@example.jp'] });
    expect(found.out).toMatchObject([{ ref: 'sealed' }]);
  });
});

describe('kyoka parked and replay', () => {
  it('shows what waits, and tries it again', async () => {
    const early = eventOf('early', 'customer.registered', {
      category: 'member',
      policyVersion: 'almado@8',
    });
    await kyoka(harness, ['publish'], { input: [JSON.stringify(early)] });
    const parked = await kyoka(harness, ['parked']);
    expect(parked).toMatchObject({
      code: 0,
      out: [{ waiting: [{ reason: 'unknown_policy', events: 1 }] }],
    });
    const [{ id }] = parked.out[0]?.['oldest'] as [{ id: string }];
    for (const words of [[id], ['--reason', 'unknown_policy'], ['--limit', '5']]) {
      expect(await kyoka(harness, ['replay', ...words])).toMatchObject({
        code: 0,
        out: [{ id, outcome: 'parked', reason: 'unknown_policy' }],
      });
    }
    expect(await kyoka(harness, ['replay', randomUUID()])).toMatchObject({ code: 0, out: [] });
    expect(await kyoka(harness, ['replay', '--reason', 'bad-mood'])).toMatchObject({ code: 1 });
  });
});

describe('kyoka audience', () => {
  it('defines, runs to the end, and shows the waterfall', async () => {
    harness.worker.start();
    const events = member('in-it', [{ kind: 'email', value: 'in-it@example.jp' }]);
    await kyoka(harness, ['publish'], { input: events.map((event) => JSON.stringify(event)) });
    const audience = {
      name: 'skin care',
      recipient: 'google',
      purpose: 'ad_matching',
      policy: POLICY,
      segment: { orders: { category: 'skin_care' } },
      use: { from: tokyoDay(Date.now()), to: tokyoDay(Date.now() + DAY), users: ['user:sato'] },
    };
    const input = [JSON.stringify(audience), JSON.stringify({ ...audience, segment: {} })];
    const defined = await kyoka(harness, ['audience', 'define'], { input });
    expect(defined).toMatchObject({
      code: 1,
      out: [{ createdBy: 'user:sato' }, { line: 2, status: 'refused' }],
    });
    const id = String(defined.out[0]?.['id']);
    const ran = await kyoka(harness, ['audience', 'run', id, '--key', 'one', '--wait', '30']);
    expect(ran).toMatchObject({
      code: 0,
      out: [{ state: 'finished', waterfall: { segment: 1, permitted: 1, sent: 1, accepted: 1 } }],
    });
    const run = String(ran.out[0]?.['id']);
    expect((await kyoka(harness, ['audience', 'run', id, '--key', 'one'])).out[0]?.['id']).toBe(
      run,
    );
    expect((await kyoka(harness, ['audience', 'show', id, run])).out).toEqual(ran.out);
    expect(await kyoka(harness, ['audience', 'show', id, randomUUID()])).toMatchObject({ code: 1 });

    const suspended = await kyoka(harness, ['suspend', 'store/in-it', '--wait', '30']);
    expect(suspended).toMatchObject({
      code: 0,
      out: [{ removals: [{ recipient: 'google', state: 'confirmed' }] }],
    });

    const ended = await kyoka(harness, ['audience', 'end', id]);
    expect(ended).toMatchObject({ code: 0, out: [{ id, endedBy: 'user:sato' }] });
    expect((await kyoka(harness, ['audience', 'end', id])).out).toEqual(ended.out);
    expect(await kyoka(harness, ['audience', 'run', id])).toMatchObject({ code: 1 });
    expect(await kyoka(harness, ['audience', 'end', randomUUID()])).toMatchObject({ code: 1 });
  });
});

describe('kyoka publisher list, rotate and revoke', () => {
  const keyFile = (name: string) => join(harness.keyDir, '..', name);
  const read = async (file: string) =>
    JSON.parse(await readFile(file, 'utf8')) as { kid: string; key: string; publisher: string };
  const add = async (file: string, more: string[] = []) =>
    kyoka(harness, [
      ...['publisher', 'add', '--name', 'mailer', '--source', 'store', '--out', file, ...more],
      ...['--type', 'jp.kyoka.suspension.requested.v1', '--until', '2099-12-31'],
    ]);
  const stopUnder = async ({ kid, key }: { kid: string; key: string }, ref: string) => {
    const event = await createPublisher({ kid, key, source: 'store' }).event({
      id: randomUUID(),
      type: 'jp.kyoka.suspension.requested.v1',
      time: new Date().toISOString(),
      data: {
        subject: { source: 'store', ref },
        scope: { purposes: ['*'], channels: ['*'] },
        occurredAt: new Date().toISOString(),
      },
    });
    return JSON.stringify(toStructured(event));
  };

  it('hands a key over in a file that only its owner reads, shows it when asked, and keeps it nowhere', async () => {
    const file = keyFile('mailer.json');
    const added = await add(file);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const { kid, key, publisher } = await read(file);
    expect(added.out).toMatchObject([{ id: publisher, kid, registeredBy: 'user:sato' }]);
    const shown = keyFile('shown.json');
    expect((await add(shown, ['--show'])).out).toMatchObject([{ key: (await read(shown)).key }]);

    const taken = await add(file);
    expect(taken).toMatchObject({
      code: 1,
      out: [{ code: 'bad_input', faults: [{ field: 'out' }] }],
    });
    expect(await read(file)).toMatchObject({ kid, key });
    const listed = await kyoka(harness, ['publisher', 'list']);
    expect(listed.out.map(({ id }) => id)).toContain(publisher);
    expect(listed.text).not.toContain(key);
  });

  it('rotates, with both keys taken for a while, and revokes both', async () => {
    const file = keyFile('first.json');
    await add(file);
    const first = await read(file);
    const next = keyFile('next.json');
    const rotate = ['publisher', 'rotate', first.publisher, '--out', next];
    expect(await kyoka(harness, rotate)).toMatchObject({ code: 2 });
    const overlap = ['--overlap-until', '2099-01-31'];
    expect(await kyoka(harness, [...rotate, ...overlap])).toMatchObject({ code: 0 });
    const second = await read(next);
    const both = [await stopUnder(first, 'rotated-1'), await stopUnder(second, 'rotated-2')];
    const sent = await kyoka(harness, ['publish'], { input: both });
    expect(sent.out.map(({ status }) => status)).toEqual(['accepted', 'accepted']);

    const revoke = ['publisher', 'revoke', first.publisher, '--reason', 'lost'];
    const { suzuki } = harness.tokens;
    const revoked = await kyoka(harness, revoke, { token: suzuki });
    expect(revoked.out).toMatchObject([{ revokedBy: 'user:suzuki', revokeReason: 'lost' }]);
    expect((await kyoka(harness, revoke)).out).toEqual(revoked.out);
    const late = await kyoka(harness, ['publish'], { input: [await stopUnder(second, 'late')] });
    expect(late.out).toMatchObject([{ status: 'parked', reason: 'unauthenticated' }]);
    const refused = ['publisher', 'rotate', first.publisher, '--at-once', '--out', keyFile('no')];
    expect(await kyoka(harness, refused)).toMatchObject({ code: 1, out: [{ code: 'conflict' }] });
    await expect(stat(keyFile('no'))).rejects.toThrow();
    const acts = await queryable(harness.summary.permissions).query<{ act: string; owner: string }>(
      'select act, owner from access.act where target = $1 order by at',
      [first.publisher],
    );
    expect(acts).toEqual([
      { act: 'publisher.added', owner: 'user:sato' },
      { act: 'publisher.rotated', owner: 'user:sato' },
      { act: 'publisher.revoked', owner: 'user:suzuki' },
    ]);
  });

  it('what waits of a publisher can be taken in by its stops, or dismissed, by a person', async () => {
    const file = keyFile('waits.json');
    await add(file);
    const key = await read(file);
    await kyoka(harness, ['publisher', 'revoke', key.publisher, '--reason', 'lost']);
    const input = [];
    const refs = ['wait-1', 'wait-2', 'wait-3'];
    for (const ref of refs) input.push(await stopUnder(key, ref));
    await kyoka(harness, ['publish'], { input });
    const waiting = await harness.ask(`/v1/parked?publisher=${key.publisher}&limit=2`);
    const { oldest, next } = waiting.json<{ oldest: { id: string }[]; next: string }>();
    expect(oldest).toMatchObject([{ stop: true, applied: false }, { publisher: key.publisher }]);
    const after = await harness.ask(`/v1/parked?publisher=${key.publisher}&after=${next}`);
    const rest = after.json<{ oldest: { id: string }[] }>().oldest;
    expect(rest).toHaveLength(1);
    expect((await harness.ask('/v1/parked?limit=0')).status).toBe(400);

    expect(await kyoka(harness, ['replay', '--accept-unauthenticated'])).toMatchObject({ code: 2 });
    const [forged] = rest;
    const dismiss = ['parked', 'dismiss', forged?.id ?? '', '--reason', 'forged'];
    expect(await kyoka(harness, dismiss)).toMatchObject({ out: [{ state: 'dismissed' }] });
    expect(await kyoka(harness, dismiss)).toMatchObject({ code: 1, out: [{ code: 'not_found' }] });
    const words = ['replay', '--accept-unauthenticated', '--publisher', key.publisher];
    expect((await kyoka(harness, words)).out).toMatchObject([
      { id: oldest[0]?.id, outcome: 'accepted' },
      { id: oldest[1]?.id, outcome: 'accepted' },
    ]);
    const again = ['replay', forged?.id ?? '', '--accept-unauthenticated'];
    expect((await kyoka(harness, again)).out).toMatchObject([{ outcome: 'accepted' }]);
    const found = await kyoka(harness, ['explain', 'store/wait-1', 'store/wait-2', 'store/wait-3']);
    expect(found.out).toMatchObject(refs.map(() => ({ stops: [{ kind: 'suspension' }] })));
    const acts = await queryable(harness.summary.permissions).query<{ act: string }>(
      'select act from access.act where target = $1 order by at',
      [forged?.id],
    );
    expect(acts.map((one) => one.act)).toEqual(['parked.dismissed', 'parked.admitted']);
  });
});
