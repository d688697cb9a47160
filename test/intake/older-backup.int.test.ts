import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RawEvent } from '@kyoka/intake';
import type { Json } from '@kyoka/kernel';
import { openPool, queryable } from '@kyoka/postgres';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FREEZE, openSystem } from './copied-system.js';
import { plain } from './harness.js';

const at = (minute: number) => `2026-11-01T09:${String(minute).padStart(2, '0')}:00+09:00`;
let ids = 0;

function event(type: string, data: { readonly [name: string]: Json }): RawEvent {
  ids += 1;
  return plain({ type, id: `b${ids}`, data });
}
const of = (ref: string) => ({ subject: { source: 'store', ref } });
const mail = (value: string) => ({ contacts: [{ kind: 'email', value }] });
const everything = { scope: { purposes: ['*'], channels: ['*'] } };

const grant = (ref: string, email: string) =>
  event('consent.granted', {
    ...of(ref),
    ...mail(email),
    category: 'member',
    purpose: 'info_product',
    channels: ['email'],
    occurredAt: at(1),
    policyVersion: 'almado@1',
    evidence: { id: `ev${ids}`, actor: 'subject' },
  });

/** One stop of every kind, each of a person of its own. */
const STOPS: Record<string, () => RawEvent> = {
  suspended: () =>
    event('suspension.requested', { ...of('suspended'), ...everything, occurredAt: at(5) }),
  withdrawn: () =>
    event('consent.withdrawn', {
      ...of('withdrawn'),
      purpose: 'info_product',
      channels: ['email'],
      occurredAt: at(5),
    }),
  erased: () => event('erasure.requested', { ...of('erased'), occurredAt: at(5) }),
  switched: () =>
    event('adsswitch.changed', { ...of('switched'), state: 'off', occurredAt: at(5) }),
  cancelled: () => event('membership.cancelled', { ...of('cancelled'), occurredAt: at(5) }),
  complained: () =>
    event('delivery.complained', { ...of('complained'), channel: 'email', occurredAt: at(5) }),
  bounced: () =>
    event('delivery.bounced', {
      ...mail('bounced@example.jp'),
      channel: 'email',
      bounce: 'hard',
      occurredAt: at(5),
    }),
  byAddress: () =>
    event('suspension.requested', {
      ...mail('byAddress@example.jp'),
      ...everything,
      occurredAt: at(5),
    }),
};
const grants = () => Object.keys(STOPS).map((ref) => grant(ref, `${ref}@example.jp`));
const stopsOf = (states: Record<string, Json>, ref: string) =>
  (states[`store/${ref}`] as { stops: unknown[] }).stops;

let system: Awaited<ReturnType<typeof openSystem>>;
beforeEach(async () => {
  system = await openSystem();
});
afterEach(() => system.close());

describe('a start on an older copy of the database', () => {
  it('knows every stop again, of every kind, once the journal is applied', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    const stops = Object.values(STOPS).map((make) => make());
    await system.ingest(system.url, stops);
    const before = await system.states(system.url);

    // Control: the copy alone allows what was stopped.
    expect(await system.states(backup)).not.toEqual(before);
    expect(stopsOf(await system.states(backup), 'suspended')).toEqual([]);

    expect(await system.catchUp(backup)).toBe(stops.length);
    expect(await system.states(backup)).toEqual(before);
    expect(await system.catchUp(backup)).toBe(0);

    // The topic brings them once more: they are new to this copy, and change nothing.
    const answers = await system.ingest(backup, stops);
    expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']));
    expect(await system.states(backup)).toEqual(before);
  });

  it('stops whoever shares a contact point that the copy does not know of the stopped', async () => {
    await system.ingest(system.url, [grant('sharer', 'family@example.jp')]);
    const backup = await system.copy(system.url);
    await system.ingest(system.url, [grant('late', 'family@example.jp')]);
    await system.ingest(system.url, [
      event('suspension.requested', { ...of('late'), ...everything, occurredAt: at(5) }),
    ]);
    expect(stopsOf(await system.states(system.url), 'sharer')).toMatchObject([
      { kind: 'suspension', through: 'contact_point' },
    ]);
    await system.catchUp(backup);
    expect(stopsOf(await system.states(backup), 'sharer')).toMatchObject([
      { kind: 'suspension', through: 'contact_point' },
    ]);
  });

  it('knows a freeze again, among other stops', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    await system.freeze(system.url);
    await system.ingest(system.url, [STOPS['suspended']!()]);
    expect(await system.freezes(backup)).toEqual([]);
    expect(await system.catchUp(backup)).toBe(2);
    expect(await system.freezes(backup)).toEqual([
      { id: FREEZE.id, purposes: ['ad_matching'], channels: ['ads'], set_by_role: 'user:sato' },
    ]);
    expect(stopsOf(await system.states(backup), 'suspended')).toHaveLength(1);
  });

  it('applies the journal of every writer', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    await system.ingest(system.url, [STOPS['suspended']!()], 'one');
    await system.ingest(system.url, [STOPS['withdrawn']!()], 'two');
    expect(await system.catchUp(backup)).toBe(2);
    expect(await system.states(backup)).toEqual(await system.states(system.url));
  });

  it('tells other services of the stops', async () => {
    await system.ingest(system.url, grants());
    const backup = await system.copy(system.url);
    await system.ingest(system.url, [STOPS['suspended']!()]);
    await system.catchUp(backup);
    const pool = await openPool(backup, { max: 1, applicationName: 'backup-test' });
    const [told] = await queryable(pool).query<{ payload: { stops: unknown[] } }>(
      `select o.payload from permissions.outbox o join permissions.subject s on s.id::text = o.key
       where s.ref = 'suspended' and o.topic = 'kyoka.permissions.v1' order by o.id desc limit 1`,
    );
    await pool.destroy();
    expect(told?.payload.stops).toMatchObject([{ kind: 'suspension' }]);
  });
});

describe('a transaction that is lost after its stop was journalled', () => {
  it('takes effect at the next start, and the event that comes again is taken once', async () => {
    await system.ingest(system.url, grants());
    const stop = STOPS['suspended']!();
    await system.loseAfterJournal(system.url, [stop]);
    expect(stopsOf(await system.states(system.url), 'suspended')).toEqual([]);
    expect(await system.catchUp(system.url)).toBe(1);
    expect(stopsOf(await system.states(system.url), 'suspended')).toHaveLength(1);
    expect(await system.ingest(system.url, [stop])).toMatchObject([{ outcome: 'accepted' }]);
    expect(stopsOf(await system.states(system.url), 'suspended')).toHaveLength(1);
  });
});

describe('a journal file', () => {
  const file = () => join(system.dir, 'one.jsonl');
  beforeEach(async () => {
    await system.ingest(system.url, grants());
    await system.ingest(system.url, [STOPS['suspended']!()]);
    await system.ingest(system.url, [STOPS['erased']!(), STOPS['complained']!()]);
  });

  it('whose last line was cut by a crash holds all that was acknowledged', async () => {
    await appendFile(file(), '{"c":"0123456789abcdef","p":4,"g":4,"e":{"ki');
    expect(await system.catchUp(system.url)).toBe(0);
    expect(await system.ingest(system.url, [STOPS['cancelled']!()])).toMatchObject([
      { outcome: 'accepted' },
    ]);
    expect(await system.catchUp(system.url)).toBe(0);
  });

  it('that is gone, or was put back from an older copy, keeps the start from going on', async () => {
    const text = await readFile(file(), 'utf8');
    await writeFile(file(), `${text.split('\n')[0]}\n`);
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'journal_behind' });
    await rm(file());
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'journal_behind' });
    await rm(system.dir, { recursive: true });
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'journal_behind' });
    await system.states(system.url);
  });

  it('that was damaged before its last write keeps the start from going on', async () => {
    const lines = (await readFile(file(), 'utf8')).split('\n');
    lines[0] = (lines[0] as string).replace('"suspension"', '"complaint"');
    await writeFile(file(), lines.join('\n'));
    await expect(system.catchUp(system.url)).rejects.toMatchObject({ code: 'chain_broken' });
  });
});
