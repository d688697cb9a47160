import { type Access, holdCredential, type Identity, openAccess } from '@kyoka/access';
import { type Intake, type IngestOptions, type RawEvent, revokePublisher } from '@kyoka/intake';
import { HOUR } from '@kyoka/kernel';
import { inTransaction, type Pool } from '@kyoka/postgres';
import { attributesOf, createPublisher } from '@kyoka/publisher';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Draft, type Harness, NOW, openHarness, plain } from './harness.js';
import { registered } from './registered.js';
import { heldAtJournal, withoutLock } from './under-way.js';

let harness: Harness;
let door: Access;
beforeAll(async () => {
  harness = await openHarness();
  door = openAccess(harness.pool, {
    vault: harness.vault,
    clock: () => NOW,
    terms: { hours: 10, idleMinutes: 60, tokenDays: 90, quotaPerMinute: 1000 },
  });
});
afterAll(() => harness.close());

const stopOf = (ref: string): Draft => ({
  type: 'suspension.requested',
  id: `stop-${ref}`,
  data: {
    subject: { source: 'store', ref },
    scope: { purposes: ['*'], channels: ['*'] },
    occurredAt: '2026-11-20T09:00:00+09:00',
  },
});
const stopsOf = async (ref: string) =>
  ((await harness.states(ref))[`store/${ref}`] as { stops?: object[] } | undefined)?.stops ?? [];

/** In which order a batch under way and a revocation that comes meanwhile come to their end. */
async function orderOf(
  lock: string | undefined,
  batch: (intake: Intake) => Promise<unknown>,
  revocation: () => Promise<unknown>,
): Promise<string[]> {
  const order: string[] = [];
  const pool: Pool = lock === undefined ? harness.pool : withoutLock(harness.pool, lock);
  const { intake, reached, letGo } = heldAtJournal({ ...harness.ports, pool });
  const taking = batch(intake).then(() => order.push('taken'));
  await reached;
  const revoking = revocation().then(() => order.push('revoked'));
  await vi
    .waitFor(async () => {
      const waiting = await harness.db.query(
        `select from pg_locks where not granted and pid in
         (select pid from pg_stat_activity where datname = current_database()) limit 1`,
      );
      expect(order.length + waiting.length).toBe(1);
    })
    .finally(letGo);
  await Promise.all([taking, revoking]);
  return order;
}

describe('a key that is revoked while a batch of its events is under way', () => {
  const signedBy = async (
    { kid, key }: { readonly kid: string; readonly key: string },
    { id, type, data }: Draft,
  ): Promise<RawEvent> => {
    const event = await createPublisher({ kid, key, source: 'store' }).event({
      id,
      type: `jp.kyoka.${type}.v1`,
      time: '2026-11-20T09:00:00+09:00',
      data,
    });
    return {
      attributes: attributesOf(event.headers),
      data: event.value,
      place: 'kyoka.suspensions.v1/0/1',
      by: { kind: 'mac', plaintext: false },
    };
  };

  it.each([
    ['is revoked after it', undefined, ['taken', 'revoked']],
    ['control: without the lock, before it', ' for share', ['revoked', 'taken']],
  ])('%s, and no later batch counts', async (_, lock, order) => {
    const types = ['jp.kyoka.suspension.requested.v1'];
    const key = await registered(harness, {
      name: 'shop',
      sources: ['store'],
      types,
      validUntil: NOW + HOUR,
    });
    const underWay = await signedBy(key, stopOf(`key-${order[0]}`));
    const act = { by: 'user:test', clock: () => NOW };
    const revocation = () =>
      inTransaction(harness.pool, (tx) => revokePublisher(tx, { id: key.id, reason: 'lost' }, act));
    expect(await orderOf(lock, (intake) => intake.ingest([underWay]), revocation)).toEqual(order);
    const late = await signedBy(key, stopOf(`key-late-${order[0]}`));
    expect(await harness.intake.ingest([late])).toMatchObject([{ reason: 'unauthenticated' }]);
  });
});

describe('a token that is revoked while a batch it brought is under way', () => {
  let caller: Identity;
  const meet = async () => {
    const token = await door.tokens.create({ owner: 'user:sato', validForMs: HOUR });
    caller = (await door.identify('token', token)) as Identity;
  };
  const brought = (ref: string): [RawEvent[], IngestOptions] => [
    [plain(stopOf(ref))],
    { entitled: (tx) => holdCredential(tx, caller) },
  ];

  it.each([
    ['is revoked after it', undefined, ['taken', 'revoked']],
    ['control: without the lock, before it', ' for key share', ['revoked', 'taken']],
  ])('%s, and no later batch counts', async (_, lock, order) => {
    await meet();
    const batch = (intake: Intake) => intake.ingest(...brought(`token-${order[0]}`));
    const revocation = () => door.tokens.revoke(caller.credential, caller);
    expect(await orderOf(lock, batch, revocation)).toEqual(order);
    const late = `token-late-${order[0]}`;
    await expect(harness.intake.ingest(...brought(late))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    expect(await stopsOf(late)).toEqual([]);
  });

  it('keeps nobody waiting who uses it at the same time', async () => {
    await meet();
    const { intake, reached, letGo } = heldAtJournal(harness.ports);
    const first = intake.ingest(...brought('one-of-two'));
    await reached;
    await inTransaction(harness.pool, (tx) => holdCredential(tx, caller));
    letGo();
    expect(await first).toMatchObject([{ outcome: 'accepted' }]);
  });
});

it('a session that ended brings nothing any more, and makes no token', async () => {
  const { secret } = await door.signIn.useLink(await door.links.make('user:sato'));
  const caller = (await door.identify('session', secret)) as Identity;
  const hold = () => inTransaction(harness.pool, (tx) => holdCredential(tx, caller));
  await hold();
  await door.signIn.end(caller);
  await expect(hold()).rejects.toMatchObject({ code: 'unauthenticated' });
  const wish = { name: 'late', scopes: ['parked:read' as const] };
  const endsAt = new Date(NOW + HOUR).toISOString();
  await expect(door.tokens.make({ ...wish, endsAt }, caller)).rejects.toMatchObject({
    code: 'unauthenticated',
  });
});
