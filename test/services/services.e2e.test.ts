import { openPool, queryable, type Pool, type Queryable } from '@kyoka/postgres';
import { expectedCounts, sampleAudiences, sampleCompany, toCloudEvent } from '@kyoka/sample';
import { type Broker, describeWithKafka, eventually } from '@kyoka/testing';
import {
  consumerLag,
  createKafka,
  createKafkaProducer,
  type KafkaProducer,
} from '@kyoka/transport';
import { openVault, type Vault } from '@kyoka/vault';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inboxCounts, parkedCounts } from '../intake/counts.js';
import { storedStates, toldStates } from '../intake/kafka-checks.js';
import { readTopics } from '../leaks/read-topics.js';
import { callUntilAnswered } from './api.js';
import { beginRequest, untilClosed } from './begun-request.js';
import { type Installation, installation } from './installation.js';
import { judge, journalOf, listsOf, passesOf, type Stopped } from './judge.js';
import {
  digestsOf,
  heldMembers,
  type Member,
  registerSample,
  send,
  suspensionEvent,
  switchOn,
} from './main-job.js';
import type { RoleProcess } from './role-process.js';

const NOW = Date.now();
const COMPANY = sampleCompany({ seed: 1, people: 300, now: NOW });
const INPUTS = ['consents', 'suspensions', 'orders', 'feedback'].map((name) => `kyoka.${name}.v1`);
const TOKEN = /kyoka_[\w-]+/;

await describeWithKafka('the main job through services that are killed', (kafka) => {
  let broker: Broker;
  let place: Installation;
  let pool: Pool;
  let db: Queryable;
  let vault: Vault;
  let producer: KafkaProducer;
  let sign: Awaited<ReturnType<typeof registerSample>>;
  let [one, two] = ['', ''];
  let intakes: RoleProcess[] = [];
  let permissions: RoleProcess;
  let audiences: RoleProcess[] = [];
  let sandbox: RoleProcess;
  const stopped: Stopped[] = [];
  const client = () => createKafka({ brokers: [broker.address], clientId: 'services-test' });
  const parts = () => ({ producer, intakeUrl: intakes[0]?.url ?? '', token: one });
  const entered = async () => Object.values(await inboxCounts(db)).reduce((sum, n) => sum + n, 0);

  beforeAll(async () => {
    const own = await kafka.ownBroker();
    if (own === undefined) throw new Error('a broker of its own cannot be had');
    broker = own;
    place = await installation(broker);
    const tokenFor = async (owner: string) => {
      const { code, output } = await place.run('migrate', ['--token-for', owner]);
      expect(code, output).toBe(0);
      return TOKEN.exec(output)?.[0] ?? '';
    };
    one = await tokenFor('user:one');
    two = await tokenFor('user:two');
    const topics = await place.run('cli', ['topics']);
    expect(topics.code, topics.output).toBe(0);
    sandbox = await place.sandbox();
    intakes = [await place.role('intake', 'a'), await place.role('intake', 'b')];
    permissions = await place.role('permissions', 'a');
    audiences = [await place.role('audiences', 'a'), await place.role('audiences', 'b')];
    await sandbox.start();
    await Promise.all([intakes[0]?.start(), permissions.start(), audiences[0]?.start()]);

    vault = await openVault({ keyDir: place.keyDir });
    pool = await openPool(place.databaseUrl, { max: 4, applicationName: 'services-test' });
    db = queryable(pool);
    producer = await createKafkaProducer(client());
    sign = await registerSample(pool, vault);
    await switchOn(audiences[0]?.url ?? '', one, two);
  });
  afterAll(async () => {
    await producer?.close();
    await pool?.destroy();
    await place?.remove();
    await broker?.kill('SIGKILL');
  });

  it('takes every event in once, through kills, a second intake and restarts of the database and the broker', async () => {
    const [first, second] = intakes as [RoleProcess, RoleProcess];
    const { events } = COMPANY;
    const part = (n: number) =>
      events.slice((events.length * n) / 4, (events.length * (n + 1)) / 4);
    // Vocabulary of the policy that was just switched on: older processes park what they don't know yet.
    await first.kill();
    await first.start();

    await send(part(0), sign, parts());
    await eventually('some are in', async () => (await entered()) > 50, { withinMs: 60_000 });
    await first.kill();
    await first.start();

    const sending = send(part(1), sign, parts());
    await second.start();
    await sending;
    await place.restartDatabase();

    await send(part(2), sign, parts());
    await second.kill();
    await permissions.kill();
    await Promise.all([second.start(), permissions.start()]);

    await broker.kill('SIGKILL');
    await broker.restart();
    await send(part(3), sign, parts());

    await eventually(
      'every record is committed',
      async () => (await consumerLag(client(), 'kyoka-intake', INPUTS)) === 0,
      { withinMs: 90_000, everyMs: 500 },
    );
    const expected = expectedCounts(COMPANY);
    expect((await inboxCounts(db)).accepted).toBe(expected.accepted);
    const parked = Object.entries(expected)
      .filter(([outcome]) => outcome.startsWith('parked/'))
      .map(([outcome, count]) => [outcome.slice('parked/'.length), count]);
    expect(await parkedCounts(db)).toEqual(Object.fromEntries(parked));
  });

  it('builds its audiences and carries stops out, though everybody is killed in the middle', async () => {
    const [first, second] = audiences as [RoleProcess, RoleProcess];
    const runs: { audience: string; id: string }[] = [];
    for (const body of sampleAudiences(NOW, 'user:one')) {
      const { id } = await callUntilAnswered<{ id: string }>(`${first.url}/v1/audiences`, one, {
        body,
      });
      runs.push(
        await callUntilAnswered(`${first.url}/v1/audiences/${id}/runs`, one, {
          headers: { 'idempotency-key': 'once' },
        }),
      );
    }
    await eventually('a network took an add', async () =>
      (await journalOf(place.sandboxUrl)).some(
        (entry) => entry.kind === 'request' && entry.op === 'add',
      ),
    );
    await first.kill();
    await sandbox.kill();
    await sandbox.start();
    await second.start();
    await first.start();

    await eventually('members are held', async () => (await heldMembers(db, 9)).length === 9);
    const members = await heldMembers(db, 9);
    const stop = async ({ subjectId, ref }: Member) => {
      await callUntilAnswered(`${permissions.url}/v1/suspensions`, one, {
        body: { subject: { source: 'store', ref }, scope: { purposes: ['*'], channels: ['*'] } },
      });
      const before = await passesOf(db, subjectId);
      stopped.push({ subjectId, digests: digestsOf(COMPANY, ref, vault), before });
    };
    for (const member of members.slice(0, 3)) await stop(member);
    await permissions.kill();
    await second.kill();
    await Promise.all([permissions.start(), second.start()]);
    for (const member of members.slice(3, 6)) await stop(member);

    const published = members.slice(6);
    const suspensions = published.map(({ ref }) => suspensionEvent(`stop-${ref}`, ref));
    await send(suspensions, sign, parts());
    await intakes[0]?.kill();
    await intakes[0]?.start();
    for (const { subjectId, ref } of published) {
      await eventually(
        'the stop is in force',
        async () => {
          const rows = await db.query('select from permissions.stop_act where subject_id = $1', [
            subjectId,
          ]);
          return rows.length > 0;
        },
        { withinMs: 60_000, everyMs: 10 },
      );
      const before = await passesOf(db, subjectId);
      stopped.push({ subjectId, digests: digestsOf(COMPANY, ref, vault), before });
    }

    await eventually(
      'runs and removals have ended',
      async () => {
        const [open] = await db.query<{ open: boolean }>(
          `select exists (select from audiences.run where state not in ('finished', 'stopped'))
             or exists (select from audiences.removal where state <> 'confirmed')
             or exists (select from permissions.stop_act where fanned_out_at is null)
             or exists (select from audiences.member where state in ('sending', 'processing', 'leaving')) as open`,
        );
        return open?.open === false;
      },
      { withinMs: 180_000, everyMs: 500 },
    );
    expect(runs).toHaveLength(2);
  });

  it('released nobody after a stop, by what the networks took', async () => {
    const journal = await journalOf(place.sandboxUrl);
    const lists = await listsOf(place.sandboxUrl);
    const passes = (subjectId: string) => passesOf(db, subjectId);
    expect(stopped).toHaveLength(9);
    expect(await judge({ journal, lists, passes }, stopped)).toEqual([]);

    // Control: the first add of a stopped person, once more at the end, and a pass of today.
    const [someone] = stopped as [Stopped];
    const add = journal.find(
      (entry) =>
        entry.kind === 'request' &&
        entry.op === 'add' &&
        entry.members?.some(({ emails, phones }) =>
          [...emails, ...phones].some((digest) => someone.digests[entry.network].includes(digest)),
        ),
    );
    const later = add === undefined ? [] : [{ ...add, seq: journal.length + 1 }];
    expect(await judge({ journal: [...journal, ...later], lists, passes }, [someone])).toContain(
      'the last thing taken is an add',
    );
    const forgot = { ...someone, before: new Set<string>() };
    expect(await judge({ journal, lists, passes }, [forgot])).toEqual(['released after the stop']);
  });

  it('holds at the networks whom it believes to be held', async () => {
    const [held] = await db.query<{ n: number }>(
      `select count(*)::int as n from audiences.member where state = 'held'`,
    );
    const lists = await listsOf(place.sandboxUrl);
    expect(lists.reduce((sum, { members }) => sum + members.length, 0)).toBe(held?.n);
    expect(held?.n).toBeGreaterThan(20);
  });

  it('told other services everything, and stored evidence that nobody rewrote', async () => {
    await eventually('the outboxes are empty', async () => {
      const [rows] = await db.query<{ n: number }>(
        'select (select count(*) from permissions.outbox) + (select count(*) from audiences.outbox) as n',
      );
      return Number(rows?.n) === 0;
    });
    expect(await toldStates(client())).toEqual(await storedStates(db));
    // A run that a kill held up may still release somebody: both are read until they agree.
    await eventually('every release has been told once', async () => {
      const told = await readTopics(client(), ['kyoka.releases.v1']);
      const ids = new Set(told.map(({ message }) => String(message.headers?.['ce_id'])));
      const [releases] = await db.query<{ n: number }>(
        'select count(*)::int as n from audiences.release',
      );
      return ids.size === releases?.n;
    });

    const verified = await place.run('cli', ['verify']);
    expect(verified.code, verified.output).toBe(0);
    expect(JSON.parse(verified.output.trim().split('\n').at(-1) ?? '{}').entries).toBeGreaterThan(
      500,
    );
  });

  it('finishes on SIGTERM what it has begun: requests are answered, events come in once', async () => {
    const [first, second] = intakes as [RoleProcess, RoleProcess];
    const before = await entered();
    const stops = Array.from({ length: 400 }, (_, n) => suspensionEvent(`drained-${n}`, `d-${n}`));
    const sending = send(stops, sign, parts());
    await eventually('some are in', async () => (await entered()) > before + 20, { everyMs: 5 });
    // Of each the head and the first byte have arrived when the signal does.
    const event = (id: string) =>
      beginRequest(`${first.url}/v1/events`, one, {
        body: [toCloudEvent(suspensionEvent(id, `d-${id}`).draft)],
        mediaType: 'application/cloudevents-batch+json',
      });
    const question = beginRequest(`${permissions.url}/v1/decisions`, one, {
      body: {
        policy: 'almado@1',
        subject: { source: 'store', ref: 'd-0' },
        request: { purpose: 'info_product', channel: 'email' },
      },
    });
    const begun = [event('begun'), question];
    await Promise.all(begun.map((request) => request.taken));
    const ended = [first, second, permissions].map((role) => role.stop());
    await Promise.all([first, permissions].map((role) => untilClosed(role.url)));
    expect(await Promise.all(begun.map((request) => request.finish()))).toEqual([202, 200]);
    expect(await Promise.all(ended)).toEqual([0, 0, 0]);
    await sending;

    // Control: whoever is killed answers nothing.
    await first.start();
    const cut = event('cut');
    await cut.taken;
    await first.kill();
    expect(await cut.finish()).toBe('cut off');

    await first.start();
    await eventually(
      'every record is committed',
      async () => (await consumerLag(client(), 'kyoka-intake', INPUTS)) === 0,
      { withinMs: 60_000 },
    );
    expect(await entered()).toBe(before + stops.length + 1);
    const [kept] = await db.query<{ n: number }>(
      `select count(*)::int as n from permissions.stop_act a join permissions.subject s on s.id = a.subject_id
        where s.ref like 'd-%'`,
    );
    expect(kept?.n).toBe(stops.length + 1);
  });

  it('ends every role on SIGTERM with 0', async () => {
    const roles = [intakes[0] as RoleProcess, ...audiences, sandbox];
    expect(await Promise.all(roles.map((role) => role.stop()))).toEqual(roles.map(() => 0));
  });
});
