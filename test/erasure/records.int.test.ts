import { openCheckpoints, verifyEvidence } from '@kyoka/evidence';
import type { Instant } from '@kyoka/kernel';
import {
  appendDecisions,
  appendDisclosureStep,
  chainReader,
  decideStoredAt,
  readPolicySet,
} from '@kyoka/permission-store';
import { inTransaction, openPool, queryable } from '@kyoka/postgres';
import { createPublicKey, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { dumpDatabase } from '../leaks/dump-database.js';
import { DAY, type Erasures, erasing, granted, openErasures } from './harness.js';

let system: Erasures;
beforeEach(async () => {
  system = await openErasures();
});
afterEach(() => system.close());

const verify = () =>
  verifyEvidence({
    reader: chainReader(system.db),
    dirs: [join(system.folder, 'checkpoints-a'), join(system.folder, 'checkpoints-b')],
    publicKey: createPublicKey(system.vault.checkpointSigner.publicKeyPem),
  });

async function asOwner(...statements: string[]): Promise<void> {
  const pool = await openPool(system.database.url, { max: 1, applicationName: 'owner' });
  try {
    for (const sql of statements) await queryable(pool).query(sql);
  } finally {
    await pool.destroy();
  }
}

const bodies = async (ref: string) =>
  (
    await system.db.query<{ act: string; body: object }>(
      'select act, body from permissions.ledger where subject_id = $1 order by block, index',
      [await system.idOf(ref)],
    )
  ).map(({ act, body }) => [act, Object.keys(body).sort().join()]);

const kept = () =>
  system.db.query(
    `select act, subject_id, body from permissions.ledger where act = 'records_ended'`,
  );

it('after their term the records of an erased person go, the chains stay whole, and the stop stays', async () => {
  const dirs = [join(system.folder, 'checkpoints-a'), join(system.folder, 'checkpoints-b')];
  const writer = await openCheckpoints({
    dirs,
    writer: 't',
    signer: system.vault.checkpointSigner,
  });
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const taro = await system.idOf('taro');
  const record = { id: randomUUID(), subjectId: taro, body: { allowed: true } };
  await inTransaction(system.pool, (tx) => appendDecisions(tx, [record], system.clock.now));
  const disclosed = { caseId: randomUUID(), subjectId: taro, openedAt: system.clock.now };
  const step = (name: 'opened' | 'refused') =>
    inTransaction(system.pool, (tx) => {
      const more = {
        id: randomUUID(),
        step: name,
        at: system.clock.now,
        body: { party: 'station' },
      };
      return appendDisclosureStep(tx, { ...disclosed, ...more });
    });
  await step('opened');
  system.clock.now += 1_000;
  await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  system.clock.now += 1_000;
  await system.settle();
  await step('refused');
  await writer.write(await chainReader(system.db).heads(), system.clock.now);
  await writer.close();
  const entries = (await verify()).entries;

  await system.run();
  expect(await verify()).toMatchObject({ defects: [], shredded: 0 });
  expect((await bodies('taro'))[0]).not.toEqual(['granted', 'shredded']);

  // The database goes by its own clock, so the term is moved and not the moment.
  await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
  await system.run();
  expect(await bodies('taro')).toEqual([
    ['granted', 'shredded'],
    ['erasure_requested', 'shredded'],
    ['erasure_carried_out', 'shredded'],
    ['erased', 'erasure,unreadableAfter'],
    ['records_ended', 'changes,contacts'],
  ]);
  expect(JSON.stringify(await kept())).not.toMatch(/ev-taro|info_product/);
  expect((await bodies('hana'))[0]?.[1]).toContain('contacts');
  expect(await verify()).toMatchObject({ defects: [], shredded: 6, entries: entries + 2 });
  await system.take(granted('again', 'taro@example.jp'));
  const states = await system.states();
  expect(states['store/again']).toMatchObject({ stops: [{ kind: 'erasure' }] });
});

it('whoever shared a contact point is stopped in the past, too, when the records have ended', async () => {
  const policies = await readPolicySet('deploy');
  const { clock, db } = system;
  const told = async (ref: string, at: Instant) => {
    const question = {
      policy: 'almado@1',
      subject: { source: 'store', ref },
      request: { purpose: 'info_product', channel: 'email' as const },
    };
    const [answer] = await decideStoredAt(db, policies, [question], at);
    const reasons = answer?.decision.reasons ?? [];
    if (reasons.some(({ code }) => code === 'suppressed_erasure')) return 'stopped';
    return reasons.some(({ detail }) => detail?.includes('not recorded whole')) ? 'lost' : 'free';
  };
  const moment = () => {
    clock.now += 1_000;
    return clock.now - 1;
  };
  await system.take(granted('taro', 'taro@example.jp', 'late@example.jp'));
  await system.take(granted('hana', 'taro@example.jp'), granted('jiro', 'jiro@example.jp'));
  const before = moment();
  await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  clock.now += 1_000;
  await system.settle();
  const anew = granted('taro', 'new@example.jp');
  const occurredAt = new Date(clock.now).toISOString();
  await system.take({
    ...anew,
    data: Buffer.from(JSON.stringify({ ...JSON.parse(String(anew.data)), occurredAt })),
  });
  const erased = moment();
  expect(await told('hana', before)).toBe('lost');
  expect(await told('hana', erased)).toBe('stopped');
  await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
  await system.run();
  const ended = moment();
  for (const at of [before, erased]) {
    for (const ref of ['hana', 'taro']) expect(await told(ref, at)).toBe('lost');
  }
  for (const ref of ['hana', 'taro']) expect(await told(ref, ended)).toBe('stopped');
  for (const at of [before, ended]) expect(await told('jiro', at)).toBe('free');
});

it('the record of an event that came in late ends with them, and that of a new start stays', async () => {
  await system.take(granted('taro', 'taro@example.jp'));
  await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  system.clock.now += 1_000;
  await system.settle();
  const anew = granted('taro', 'new@example.jp');
  const occurredAt = new Date(system.clock.now).toISOString();
  await system.take(granted('taro', 'late@example.jp'), {
    ...anew,
    data: Buffer.from(JSON.stringify({ ...JSON.parse(String(anew.data)), occurredAt })),
  });
  await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
  await system.run();
  const grants = (await bodies('taro')).filter(([act]) => act === 'granted');
  expect(grants.map(([, keys]) => keys === 'shredded')).toEqual([true, true, false]);
});

it('nothing else of the records can be changed, and a wrong hash is found', async () => {
  await system.take(granted('taro', 'taro@example.jp'), granted('hana', 'hana@example.jp'));
  const dirs = [join(system.folder, 'checkpoints-a'), join(system.folder, 'checkpoints-b')];
  const writer = await openCheckpoints({
    dirs,
    writer: 't',
    signer: system.vault.checkpointSigner,
  });
  await writer.write(await chainReader(system.db).heads(), system.clock.now);
  await writer.close();
  system.clock.now += 1_000;
  const [id] = await system.take(erasing({ ref: 'taro' }));
  await system.follow();
  system.clock.now += 1_000;
  await system.settle();
  const hash = 'ab'.repeat(32);
  const shred = async (ref: string) => {
    const [row] = await system.db.query<{ id: string }>(
      `select id from permissions.ledger where act = 'granted' and subject_id = $1`,
      [await system.idOf(ref)],
    );
    await system.db.query('select permissions.shred_records($1, $2::uuid[], $3::text[])', [
      id,
      [row?.id],
      [hash],
    ]);
  };
  const refused = { sqlState: '42501' };
  // Before the term, and of somebody whom nobody erased.
  await expect(shred('taro')).rejects.toMatchObject(refused);
  await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
  await expect(shred('hana')).rejects.toMatchObject(refused);
  await expect(
    asOwner(`update permissions.ledger set act = 'x', body = '{"shredded":"${hash}"}'`),
  ).rejects.toMatchObject(refused);
  await expect(asOwner(`delete from permissions.ledger`)).rejects.toMatchObject(refused);
  await shred('taro');
  expect((await verify()).defects).toContainEqual({
    kind: 'changed_entry',
    chain: 'ledger',
    block: 1,
  });
});

/** What a recipient never confirmed, and the segment of a run, as they are left after 14 days. */
async function leftAtNetwork(subject: string): Promise<void> {
  const [audience, run, attempt, removal, token] = [
    randomUUID(),
    randomUUID(),
    randomUUID(),
    randomUUID(),
    `'\\x01'::bytea`,
  ];
  const at = `'2026-11-19T00:00:00Z'`;
  await asOwner(
    `insert into audiences.recipient (id, kind, items, registered_by, registered_at)
     values ('google', 'ad_network', '{}', 'user:sato', ${at}) on conflict do nothing`,
    `insert into audiences.audience (id, name, segment, policy, purpose, content_owner, recipient_id, period_from,
       period_to, users, owner, ends_at, created_at)
     values ('${audience}', 'n', '{}', 'almado@1', 'ad_matching', 'own', 'google', '2026-11-01', '2026-11-30', '{}',
       'user:sato', ${at}, ${at})`,
    `insert into audiences.run (id, audience_id, idempotency_key, actor, state, segment_at, started_at)
     values ('${run}', '${audience}', 'k', 'user:sato', 'finished', ${at}, ${at})`,
    `insert into audiences.run_subject (run_id, subject_id) values ('${run}', '${subject}')`,
    `insert into audiences.member (audience_id, subject_id, kind, token, fold, state, checked_at, changed_at)
     values ('${audience}', '${subject}', 'email', ${token}, ${token}, 'leaving', ${at}, ${at})`,
    `insert into audiences.removal (id, audience_id, subject_id, kind, token, fold, cause, state, requested_at, due_at, due_by)
     values ('${removal}', '${audience}', '${subject}', 'email', ${token}, ${token}, 'stop', 'overdue', ${at}, ${at}, ${at})`,
    `insert into audiences.removal_stop (stop_act_id, removal_id) values ('${randomUUID()}', '${removal}')`,
    `insert into audiences.attempt (id, op, audience_id, state, persons, gate_at, deadline_at, claimed_until)
     values ('${attempt}', 'remove', '${audience}', 'unknown', 1, ${at}, ${at}, ${at})`,
    `insert into audiences.attempt_item (attempt_id, position, subject_id, kind, token, fold)
     values ('${attempt}', 0, '${subject}', 'email', ${token}, ${token})`,
  );
}

const namedBy = async (subject: string): Promise<string[]> =>
  (await dumpDatabase(system.database.url))
    .filter(({ name, text }) => name.startsWith('audiences.') && text.includes(subject))
    .map(({ name }) => name)
    .sort();

it('what no recipient confirmed ends with the records, and one whose records fail keeps no other waiting', async () => {
  await system.take(granted('poor', 'poor@example.jp'), granted('taro', 'taro@example.jp'));
  await system.take(granted('hana', 'hana@example.jp'));
  const [poor, taro, hana] = [
    await system.idOf('poor'),
    await system.idOf('taro'),
    await system.idOf('hana'),
  ];
  for (const subject of [taro, hana]) await leftAtNetwork(subject);
  system.clock.now += 1_000;
  await system.take(erasing({ ref: 'poor' }), erasing({ ref: 'taro' }));
  system.clock.now += 15 * DAY;
  await system.settle();
  const left = ['attempt_item', 'member', 'removal', 'run_subject'].map((t) => `audiences.${t}`);
  // Control: as long as the records are kept, so is what the recipient may still hold.
  expect(await namedBy(taro)).toEqual(left.filter((name) => name !== 'audiences.run_subject'));

  await asOwner(
    `update permissions.erasure set records_until = case when id in (
       select erasure_id from permissions.erasure_subject where subject_id = '${poor}') then '2019-01-01' else '2020-01-01' end::date`,
    `create function permissions.broken() returns trigger language plpgsql as $$
     begin raise exception 'broken' using errcode = 'XX000'; end $$`,
    `create trigger broken before update on permissions.ledger for each row
     when (old.subject_id = '${poor}') execute function permissions.broken()`,
  );
  await expect(system.run()).rejects.toMatchObject({ sqlState: 'XX000' });
  expect((await bodies('poor'))[0]).not.toEqual(['granted', 'shredded']);
  expect((await bodies('taro'))[0]).toEqual(['granted', 'shredded']);
  expect(await namedBy(taro)).toEqual([]);
  expect(await namedBy(hana)).toEqual(left);
  await asOwner('drop trigger broken on permissions.ledger');
  await system.run();
  expect((await bodies('poor'))[0]).toEqual(['granted', 'shredded']);
});
