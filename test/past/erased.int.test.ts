import { randomUUID } from 'node:crypto';
import { catchUpWithJournal } from '@kyoka/intake';
import { formatInstant, HOUR, type Instant } from '@kyoka/kernel';
import {
  decideStored,
  decideStoredAt,
  readPolicySet,
  type StoredDecision,
} from '@kyoka/permission-store';
import type { PolicySet } from '@kyoka/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Erasures, erasing, lifted, openErasures } from '../erasure/harness.js';
import { plain } from '../intake/harness.js';
import { grant, NEWSLETTER, suspension, USE, withdrawal } from '../permissions/company.js';
import { onDatabase } from '../schema/catalog.js';

let system: Erasures;
let policies: PolicySet;
beforeAll(async () => {
  system = await openErasures();
  policies = await readPolicySet('deploy');
});
afterAll(() => system.close());

type Answers = readonly StoredDecision['decision'][];

const questions = (refs: readonly string[]) =>
  refs.map((ref) => ({
    subject: { source: 'store', ref },
    policy: 'almado@1',
    request: { ...NEWSLETTER, actor: 'user:sato', use: USE },
  }));
const decisionsIn = (answers: readonly StoredDecision[]): Answers =>
  answers.map(({ decision }) => decision);
const now = async (...refs: string[]): Promise<Answers> =>
  decisionsIn(await decideStored(system.db, policies, questions(refs), system.clock.now));
const then = async (at: Instant, ...refs: string[]): Promise<Answers> =>
  decisionsIn(await decideStoredAt(system.db, policies, questions(refs), at));

const codesOf = (answers: Answers): (string[] | 'allowed')[] =>
  answers.map(({ allowed, reasons }) => (allowed ? 'allowed' : reasons.map(({ code }) => code)));

/** The moment as it is now; the clock goes on. */
function moment(): Instant {
  const { now: at } = system.clock;
  system.clock.now += HOUR;
  return at;
}

const granting = (ref: string, ...emails: string[]) =>
  plain(
    grant(`g-${randomUUID()}`, ref, {
      contacts: emails.map((value) => ({ kind: 'email', value })),
      occurredAt: formatInstant(system.clock.now),
    }),
  );

async function erase(ref: string): Promise<void> {
  await system.take(erasing({ ref }));
  await system.follow();
  await system.settle();
}

const asOwner = (sql: string): Promise<unknown> =>
  onDatabase(system.database.url, (db) => db.query(sql));

describe('the past of somebody erased', () => {
  const REFS = ['taro', 'wife', 'stranger'] as const;
  let before: Instant;
  let wished: Instant;
  let after: Instant;
  let told: Answers;

  beforeAll(async () => {
    await system.take(
      granting('taro', 'taro@example.jp', 'shared@example.jp'),
      granting('wife', 'shared@example.jp'),
      granting('stranger', 'stranger@example.jp'),
    );
    before = moment();
    await system.take(erasing({ ref: 'taro' }));
    wished = moment();
    await system.follow();
    await system.settle();
    after = moment();
    told = await now(...REFS);
  });

  it('was another one as long as nothing was erased', async () => {
    await system.take(granting('kept', 'kept@example.jp'));
    const at = moment();
    await system.take(plain(suspension('s-kept', { subject: { source: 'store', ref: 'kept' } })));
    moment();
    expect(codesOf(await then(at, 'kept'))).toEqual(['allowed']);
  });

  it('is what remained, for a moment before the erasure too', async () => {
    for (const at of [before, wished, after]) {
      const [taro] = await then(at, 'taro');
      expect(taro).toMatchObject({ allowed: false, evidence: [] });
      expect(taro?.reasons.map(({ code }) => code)).toContain('suppressed_erasure');
    }
  });

  it('is not made up for whoever shared a contact point, and theirs goes on after it', async () => {
    for (const at of [before, wished]) {
      expect(codesOf(await then(at, 'wife', 'stranger'))).toEqual([
        ['facts_incomplete'],
        'allowed',
      ]);
    }
    expect(codesOf(told.slice(1))).toEqual([['suppressed_erasure'], 'allowed']);
    expect(await then(after, ...REFS)).toEqual(told);
  });

  it('is not known by an address that nobody has any more', async () => {
    const token = system.vault.token('email', 'taro@example.jp');
    const [question] = questions(['taro']);
    const asked = [
      { ...question, request: NEWSLETTER, subject: { kind: 'email', token } as const },
    ];
    for (const at of [before, after]) {
      const answers = decisionsIn(await decideStoredAt(system.db, policies, asked, at));
      expect(codesOf(answers)[0]).toContain('unknown_subject');
    }
  });

  it('begins anew with what they do after it', async () => {
    await system.take(granting('taro', 'new@example.jp'));
    const again = moment();
    const blocked = await now('taro');
    const lift = lifted('taro');
    const occurredAt = formatInstant(system.clock.now);
    const data = {
      ...lift.data,
      occurredAt,
      evidence: { ...lift.data.evidence, confirmed: { by: 'session', at: occurredAt } },
    };
    await system.take(await system.signed({ ...lift, data }));
    const free = moment();
    expect(codesOf(blocked)[0]).toContain('suppressed_erasure');
    expect(codesOf(await now('taro'))).toEqual(['allowed']);
    expect(await then(again, 'taro')).toEqual(blocked);
    expect(await then(free, 'taro')).toEqual(await now('taro'));
  });

  it('holds nothing that allows once their records have ended', async () => {
    await asOwner(`update permissions.erasure set records_until = '2020-01-01'`);
    await system.run();
    moment();
    await system.take(granting('again', 'taro@example.jp'));
    const later = moment();
    expect(codesOf(await now('again', 'wife'))).toEqual([
      ['suppressed_erasure'],
      ['suppressed_erasure'],
    ]);
    for (const at of [before, after]) {
      const [taro, ...others] = await then(at, 'taro', 'wife', 'again', 'stranger');
      expect(taro).toMatchObject({ allowed: false, evidence: [] });
      expect(others.map(({ allowed }) => allowed)).toEqual([false, false, true]);
    }
    const others = await then(later, 'wife', 'again', 'stranger');
    expect(others.map(({ allowed }) => allowed)).toEqual([false, false, true]);
  });
});

describe('the past of whom a stop reaches that outlived its person', () => {
  it('knows a carried withdrawal from the erasure on, and one of a late event from its arrival on', async () => {
    await system.take(
      granting('leaver', 'leaver@example.jp'),
      granting('lodger', 'leaver@example.jp'),
      granting('heir', 'late@example.jp'),
    );
    await system.take(
      plain(withdrawal('w-leaver', 'leaver', { occurredAt: formatInstant(moment()) })),
    );
    await erase('leaver');
    const erased = moment();
    const [lodger, heir] = await now('lodger', 'heir');
    // It tells of a time before the wish, and of an address that wasn't known.
    const late = { contacts: [{ kind: 'email', value: 'late@example.jp' }] };
    await system.take(plain(grant('late', 'leaver', late)));
    const arrived = moment();
    const reached = await now('lodger', 'heir');

    expect(codesOf([lodger, heir] as Answers)).toEqual([
      expect.arrayContaining(['suppressed_objection', 'suppressed_erasure']),
      'allowed',
    ]);
    expect(codesOf(reached)[1]).toContain('suppressed_erasure');
    expect(await then(erased, 'lodger', 'heir')).toEqual([lodger, heir]);
    expect(await then(arrived, 'lodger', 'heir')).toEqual(reached);
  });

  it('knows a stop that only the journal held from the restore on, and as whose once it is told', async () => {
    const subject = { source: 'store', ref: 'restored' };
    await system.take(
      granting('sharer', 'sharer@example.jp'),
      granting('restored', 'r@example.jp'),
    );
    const [fold] = await system.db.query<{ fold: Buffer }>(
      'select fold from permissions.contact_point where subject_id = $1',
      [await system.idOf('sharer')],
    );
    const before = moment();
    const open = await now('sharer', 'restored');
    await system.journal.append([
      {
        stopAct: randomUUID(),
        kind: 'suspension',
        subject,
        folds: [fold?.fold.toString('base64url') ?? ''],
        purposes: ['*'],
        channels: ['*'],
        recipients: ['*'],
        at: formatInstant(before),
        arrivedAt: formatInstant(before),
      },
    ]);
    const restoring = { pool: system.pool, dir: `${system.folder}/journal` };
    expect(await catchUpWithJournal({ ...restoring, clock: () => system.clock.now })).toBe(1);
    const restored = moment();
    const stopped = await now('sharer', 'restored');
    await system.take(granting('restored', 'sharer@example.jp'));
    const settled = moment();

    expect(codesOf(open)).toEqual(['allowed', 'allowed']);
    expect(codesOf(stopped)).toEqual([['suppressed_suspension'], ['suppressed_suspension']]);
    expect(await then(before, 'sharer', 'restored')).toEqual(open);
    expect(await then(restored, 'sharer', 'restored')).toEqual(stopped);
    expect(await then(settled, 'sharer', 'restored')).toEqual(await now('sharer', 'restored'));
  });
});

describe('the past of what an older version recorded', () => {
  it('is not made up: neither of its people, nor of whom they or their stops may bear on', async () => {
    await system.take(
      granting('old', 'old@example.jp'),
      granting('oldneighbour', 'old@example.jp'),
      granting('quiet', 'quiet@example.jp'),
      granting('quietneighbour', 'quiet@example.jp'),
      granting('barred', 'barred@example.jp'),
      granting('unrelated', 'unrelated@example.jp'),
    );
    await system.take(plain(suspension('s-old', { subject: { source: 'store', ref: 'old' } })));
    const [old, quiet] = [await system.idOf('old'), await system.idOf('quiet')];
    await asOwner(
      `update permissions.subject set recorded_whole = false where id in ('${old}', '${quiet}')`,
    );
    await asOwner(
      `insert into permissions.unrecorded_fold
       select fold from permissions.contact_point where subject_id = '${await system.idOf('barred')}'`,
    );
    const at = moment();
    const refs = ['old', 'oldneighbour', 'quiet', 'quietneighbour', 'barred', 'unrelated'];
    const incomplete = ['facts_incomplete'];
    // Who never stopped nor confirmed anything bears on nobody.
    expect(codesOf(await then(at, ...refs))).toEqual([
      incomplete,
      incomplete,
      incomplete,
      'allowed',
      incomplete,
      'allowed',
    ]);
  });
});
