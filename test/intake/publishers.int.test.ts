import {
  countParkedStops,
  createIntake,
  expireParked,
  movePublishersFromFolder,
  type ParkedStops,
  type RawEvent,
  replayParked,
  revokePublisher,
  rotatePublisher,
} from '@kyoka/intake';
import { DAY, HOUR, MINUTE } from '@kyoka/kernel';
import { inTransaction, openPool, queryable } from '@kyoka/postgres';
import { attributesOf, createPublisher } from '@kyoka/publisher';
import { openVault } from '@kyoka/vault';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Harness, NOW, openHarness, VOCABULARY } from './harness.js';
import { registered } from './registered.js';

const SUSPENSION = 'jp.kyoka.suspension.requested.v1';
const GRANT = {
  name: 'shop',
  sources: ['store', 'import'],
  types: [SUSPENSION],
  validUntil: NOW + HOUR,
};
const AT = '2026-11-20T09:00:00+09:00';

let harness: Harness;
let told: ParkedStops[] = [];
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());
beforeEach(() => {
  told = [];
  harness.clock.now = NOW;
});

interface Sent {
  readonly source?: string;
  readonly subjectSource?: string;
  readonly type?: string;
  readonly arrivedAt?: number;
}

/** A stop of somebody of the given reference, signed under a key. */
async function stopOf(
  { kid, key }: { readonly kid: string; readonly key: string },
  ref: string,
  { source = 'store', subjectSource = source, type = SUSPENSION, arrivedAt }: Sent = {},
): Promise<RawEvent> {
  const event = await createPublisher({ kid, key, source }).event({
    id: `stop-${ref}`,
    type,
    time: AT,
    data: {
      subject: { source: subjectSource, ref },
      contacts: [{ kind: 'email', value: `${ref}@example.jp` }],
      scope: { purposes: ['*'], channels: ['*'] },
      occurredAt: AT,
    },
  });
  return {
    attributes: attributesOf(event.headers),
    data: event.value,
    place: 'kyoka.suspensions.v1/0/1',
    ...(arrivedAt !== undefined && { arrivedAt }),
    by: { kind: 'mac', plaintext: false },
  };
}

const ingest = (...events: RawEvent[]) =>
  createIntake({ ...harness.ports, onParkedStops: (stops) => void told.push(stops) }).ingest(
    events,
  );
const outcomeOf = async (event: RawEvent) => {
  const [answer] = await ingest(event);
  return answer?.reason ?? answer?.outcome;
};
const stopsOf = async (ref: string, source = 'store') =>
  ((await harness.states(ref))[`${source}/${ref}`] as { stops?: object[] } | undefined)?.stops ??
  [];
const parkedId = async (event: RawEvent) => {
  const rows = await harness.db.query<{ id: string }>(
    `select id from intake.parked where state = 'parked' and place = $1`,
    [event.place],
  );
  return rows.map(({ id }) => id);
};
const act = { by: 'user:test', clock: () => harness.clock.now };
const revoke = (id: string) =>
  inTransaction(harness.pool, (tx) => revokePublisher(tx, { id, reason: 'lost' }, act));
const rotate = async (id: string, overlapUntil?: number) => {
  const { key } = await inTransaction(harness.pool, (tx) =>
    rotatePublisher(tx, harness.vault, { id, overlapUntil }, act),
  );
  return key;
};

describe('an event counts under a key by what it is and when it first arrived', () => {
  it.each<[string, Sent, object, string]>([
    ['valid', {}, {}, 'accepted'],
    ['of another source', { source: 'mall.rakuten' }, {}, 'unauthenticated'],
    ['about a subject of another source', { subjectSource: 'mall.rakuten' }, {}, 'unauthenticated'],
    ['of another type', { type: 'jp.kyoka.erasure.requested.v1' }, {}, 'unauthenticated'],
    ['whose key has ended', {}, { validUntil: NOW - 1 }, 'unauthenticated'],
    ['in its last instant', {}, { validUntil: NOW }, 'accepted'],
    ['of an ended key, but in time', { arrivedAt: NOW - 2 }, { validUntil: NOW - 1 }, 'accepted'],
  ])('one that is %s', async (name, sent, grantOf, expected) => {
    const ref = name.replaceAll(/\W+/g, '-');
    const key = await registered(harness, { ...GRANT, ...grantOf });
    expect(await outcomeOf(await stopOf(key, ref, sent))).toBe(expected);
    const stops = await stopsOf(ref, sent.subjectSource ?? sent.source);
    expect(stops).toHaveLength(expected === 'accepted' ? 1 : 0);
    expect(told).toEqual(expected === 'accepted' ? [] : [{ withoutEffect: 1, applied: 0 }]);
  });

  it('one with a wrong MAC is parked, and the real one is taken after it', async () => {
    const key = await registered(harness, GRANT);
    const event = await stopOf(key, 'forged');
    const forged = { ...event, attributes: { ...event.attributes, kyokamac: 'A'.repeat(43) } };
    expect(await outcomeOf(forged)).toBe('unauthenticated');
    expect(await outcomeOf(event)).toBe('accepted');
  });

  it('one revoked before it arrives is parked; one sent again after the revocation is a duplicate', async () => {
    const key = await registered(harness, GRANT);
    const event = await stopOf(key, 'again');
    expect(await outcomeOf(event)).toBe('accepted');
    harness.clock.now = NOW + MINUTE;
    await revoke(key.id);
    expect(await outcomeOf(event)).toBe('duplicate');
    expect(told).toEqual([]);
    expect(await outcomeOf(await stopOf(key, 'too-late'))).toBe('unauthenticated');
    const inTime = await stopOf(key, 'on-its-way', { arrivedAt: NOW + MINUTE - 1 });
    expect(await outcomeOf(inTime)).toBe('accepted');
    // The same id with other content is not what arrived before.
    const other = await stopOf(key, 'again', { subjectSource: 'import' });
    expect(await outcomeOf(other)).toBe('unauthenticated');
    expect(await stopsOf('again', 'import')).toEqual([]);
  });

  it('one that waited for a policy is judged as of its arrival, whatever became of the key', async () => {
    const key = await registered(harness, GRANT);
    const lenient = { ...VOCABULARY, hasSource: () => false };
    const event = { ...(await stopOf(key, 'waited')), place: 'kyoka.suspensions.v1/0/77' };
    await createIntake({ ...harness.ports, vocabulary: () => lenient }).ingest([event]);
    harness.clock.now = NOW + MINUTE;
    await revoke(key.id);
    const ids = await parkedId(event);
    expect(await replayParked(harness.ports, { ids, limit: 1, actor: 'user:x' })).toMatchObject([
      { answer: { outcome: 'accepted' } },
    ]);
  });
});

describe('rotation', () => {
  it('both keys count until the overlap ends, the new one after it', async () => {
    const old = await registered(harness, GRANT);
    const key = await rotate(old.id, NOW + MINUTE);
    expect(await outcomeOf(await stopOf(old, 'old-in-time'))).toBe('accepted');
    expect(await outcomeOf(await stopOf(key, 'new-at-once'))).toBe('accepted');
    harness.clock.now = NOW + MINUTE + 1;
    expect(await outcomeOf(await stopOf(old, 'old-too-late'))).toBe('unauthenticated');
    expect(await outcomeOf(await stopOf(key, 'new-alone'))).toBe('accepted');
    await revoke(old.id);
    expect(await outcomeOf(await stopOf(key, 'revoked-with-it'))).toBe('unauthenticated');
    await expect(rotate(old.id)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('without an overlap the old key ends at once, and no later rotation brings it back', async () => {
    const old = await registered(harness, GRANT);
    const next = await rotate(old.id);
    await rotate(old.id, NOW + HOUR);
    expect(await outcomeOf(await stopOf(old, 'cut-off'))).toBe('unauthenticated');
    expect(await outcomeOf(await stopOf(next, 'still-in-overlap'))).toBe('accepted');
  });

  it('an overlap that is past is none, and takes nothing back that the old key brought', async () => {
    const old = await registered(harness, GRANT);
    const event = await stopOf(old, 'before-a-past-overlap');
    expect(await outcomeOf(event)).toBe('accepted');
    harness.clock.now = NOW + 1;
    await rotate(old.id, NOW - HOUR);
    expect(await outcomeOf(event)).toBe('duplicate');
    expect(await outcomeOf(await stopOf(old, 'after-a-past-overlap'))).toBe('unauthenticated');
  });
});

describe('several processes', () => {
  it('a revocation counts at once in a process that has used the key before', async () => {
    const key = await registered(harness, GRANT);
    const vault = await openVault({ keyDir: join(harness.folder, 'keys') });
    const other = createIntake({ ...harness.ports, vault });
    expect(await other.ingest([await stopOf(key, 'other-before')])).toMatchObject([
      { outcome: 'accepted' },
    ]);
    await revoke(key.id);
    expect(await other.ingest([await stopOf(key, 'other-after')])).toMatchObject([
      { reason: 'unauthenticated' },
    ]);
  });
});

describe('a copy of the database', () => {
  it('holds no key, and an edited row makes its key nobody’s', async () => {
    const key = await registered(harness, GRANT);
    const rows = await harness.db.query<{ text: string }>(
      `select row_to_json(k)::text || row_to_json(p)::text as text
       from intake.publisher_key k join intake.publisher p on p.id = k.publisher_id`,
    );
    const bytes = Buffer.from(key.key, 'base64url');
    for (const { text } of rows) {
      expect(text.includes(key.key) || text.includes(bytes.toString('hex'))).toBe(false);
    }
    const owner = await openPool(harness.database.url, { max: 1, applicationName: 'tampering' });
    await queryable(owner).query(
      `update intake.publisher set sources = sources || '{mall.rakuten}' where id = $1`,
      [key.id],
    );
    await owner.destroy();
    const event = await stopOf(key, 'widened-key', { source: 'mall.rakuten' });
    expect(await outcomeOf(event)).toBe('unauthenticated');
  });
});

describe('a person takes in a stop that nobody vouches for', () => {
  const admit = (ids: string[]) =>
    replayParked(harness.ports, {
      ids,
      limit: 10,
      actor: 'user:sato',
      acceptUnauthenticated: true,
    });
  const lateAt = async (place: string, sent: Sent & { ref: string }) => {
    const key = await registered(harness, {
      ...GRANT,
      validUntil: NOW - 1,
      types: [sent.type ?? SUSPENSION],
    });
    const event = { ...(await stopOf(key, sent.ref, sent)), place };
    expect(await outcomeOf(event)).toBe('unauthenticated');
    return event;
  };

  it('as their own act, without using up its id', async () => {
    const event = await lateAt('kyoka.suspensions.v1/0/101', { ref: 'admitted' });
    const counted = await countParkedStops(harness.db);
    expect(counted.find(({ reason }) => reason === 'unauthenticated')?.count).toBeGreaterThan(0);
    const ids = await parkedId(event);
    expect(await replayParked(harness.ports, { ids, limit: 1, actor: 'user:x' })).toMatchObject([
      { answer: { outcome: 'parked', reason: 'unauthenticated' } },
    ]);
    expect(await admit(ids)).toMatchObject([{ answer: { outcome: 'accepted' } }]);
    expect(await stopsOf('admitted')).toMatchObject([{ kind: 'suspension' }]);
    const [entry] = await harness.db.query<{ by: string }>(
      `select body->>'by' as by from permissions.ledger l join permissions.subject s on s.id = l.subject_id
       where s.ref = 'admitted'`,
    );
    expect(entry?.by).toBe('user:sato');
    expect(
      await harness.db.query(`select from intake.event where ce_id = 'stop-admitted'`),
    ).toHaveLength(0);
    // It has the contact point that it names: its key still opens what it sealed.
    expect(
      await harness.db.query(
        `select from permissions.contact_point c join permissions.subject s on s.id = c.subject_id
         where s.ref = 'admitted'`,
      ),
    ).toHaveLength(1);
  });

  it('also one that comes again after its term', async () => {
    const event = await lateAt('kyoka.suspensions.v1/0/103', { ref: 'again' });
    const [id] = await parkedId(event);
    harness.clock.now = NOW + 20 * DAY;
    await expireParked(harness.ports, { now: harness.clock.now, days: 14 });
    expect(
      await replayParked(harness.ports, { ids: [id as string], limit: 1, actor: 'user:x' }),
    ).toEqual([]);
    expect(await outcomeOf(event)).toBe('unauthenticated');
    expect(await admit(await parkedId(event))).toMatchObject([{ answer: { outcome: 'accepted' } }]);
    expect(await stopsOf('again')).toMatchObject([{ kind: 'suspension' }]);
  });

  it('and nothing that would widen anything', async () => {
    const event = await lateAt('kyoka.suspensions.v1/0/102', {
      ref: 'lifted',
      type: 'jp.kyoka.suspension.lifted.v1',
    });
    expect(await admit(await parkedId(event))).toMatchObject([
      { answer: { outcome: 'parked', reason: 'unauthenticated' } },
    ]);
  });
});

describe('publishers that an earlier version left in the key folder', () => {
  const KEY = Buffer.alloc(32, 5).toString('base64url');
  const { name, sources, types, validUntil } = GRANT;
  const entry = { kid: 'kp-00000000000000aa', key: KEY, name, sources, types, validUntil };

  it('are moved once, and what is revoked stays revoked after a crash in between', async () => {
    let left = [entry];
    const folderPublishers = {
      list: async () => left,
      destroy: async () => void (left = []),
    };
    const vault = { ...harness.vault, folderPublishers };
    const move = () =>
      movePublishersFromFolder({ pool: harness.pool, vault, clock: () => harness.clock.now });
    expect(await move()).toBe(1);
    expect(left).toEqual([]);
    expect(await outcomeOf(await stopOf(entry, 'moved'))).toBe('accepted');

    const [row] = await harness.db.query<{ id: string }>(
      'select publisher_id as id from intake.publisher_key where kid = $1',
      [entry.kid],
    );
    await revoke(row?.id ?? '');
    left = [entry];
    expect(await move()).toBe(1);
    expect(left).toEqual([]);
    expect(await outcomeOf(await stopOf(entry, 'moved-late'))).toBe('unauthenticated');
    expect(await move()).toBe(0);
  });
});
