import type {
  DecisionAnswer,
  ErasedSubject,
  ErasureAnswer,
  RunAnswer,
  SubjectAnswer,
  SuspensionAnswer,
} from '@kyoka/contracts';
import { erasureTask } from '@kyoka/erasure';
import { DAY, MINUTE, tokyoDay } from '@kyoka/kernel';
import { eventually } from '@kyoka/testing';
import { openVault } from '@kyoka/vault';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { inOrder } from './in-order.js';
import { kyoka } from './kyoka.js';
import { idOf, member, post } from './people.js';

let harness: Harness;
const EVERYTHING = { purposes: ['*'], channels: ['*'] };
const people = ['held', 'other', 'by-contact', 'narrow', 'erased', 'waited'];

beforeAll(async () => {
  harness = await openHarness();
  for (const path of [`policies/${POLICY}`, 'recipients/google', 'recipients/meta']) {
    await harness.switchOn(`/v1/${path}/switch`);
  }
  const events = people.flatMap((ref) => member(ref, [{ kind: 'email', value: `${ref}@mail.jp` }]));
  expect(new Set(await post(harness.ask, events))).toEqual(new Set(['accepted']));
  harness.worker.start();
  for (const recipient of ['google', 'meta']) await runAudience(recipient);
});
afterAll(() => harness.close());

async function runAudience(recipient: string): Promise<void> {
  const body = {
    name: `everybody at ${recipient}`,
    recipient,
    purpose: 'ad_matching',
    policy: POLICY,
    segment: { orders: { category: 'skin_care' } },
    use: { from: tokyoDay(Date.now()), to: tokyoDay(Date.now() + 30 * DAY), users: ['user:sato'] },
  };
  const defined = await harness.ask('/v1/audiences', { body });
  const path = `/v1/audiences/${String(defined.json()['id'])}/runs`;
  const headers = { 'idempotency-key': 'first' };
  const run = (await harness.ask(path, { method: 'POST', headers })).json<RunAnswer>();
  await eventually(`the run for ${recipient} ends`, async () => {
    const { state, waterfall } = (await harness.ask(`${path}/${run.id}`)).json<RunAnswer>();
    return state === 'finished' && waterfall.accepted === people.length;
  });
}

async function suspend(body: object): Promise<SuspensionAnswer> {
  const answer = await harness.ask('/v1/suspensions', { body });
  expect(answer.status).toBe(201);
  return answer.json<SuspensionAnswer>();
}

async function untilConfirmed({ id }: SuspensionAnswer, removals = 2): Promise<SuspensionAnswer> {
  return eventually('the removals are confirmed', async () => {
    const now = (await harness.ask(`/v1/suspensions/${id}`)).json<SuspensionAnswer>();
    const confirmed = now.removals.filter(({ state }) => state === 'confirmed');
    if (confirmed.length < removals) throw new Error(`${confirmed.length} confirmed`);
    return now;
  });
}

async function adsDecision(subject: object): Promise<DecisionAnswer> {
  const request = { purpose: 'ad_matching', channel: 'ads', recipient: 'google' };
  const body = { policy: POLICY, subject, request };
  return (await harness.ask('/v1/decisions', { body })).json<DecisionAnswer>();
}

describe('a suspension of a subject', () => {
  it('stands when it is answered, and is carried to confirmed removal at both networks', async () => {
    const subject = { source: 'store', ref: 'held' };
    expect(await adsDecision(subject)).toMatchObject({ allowed: true });
    const answer = await suspend({ subject, scope: EVERYTHING });
    expect(answer).toMatchObject({ kind: 'suspension', scope: EVERYTHING });
    expect(answer.subjects).toEqual([await idOf(harness.ask, 'held')]);
    expect(await adsDecision(subject)).toMatchObject({ allowed: false });

    const { removals, barrierAt } = await untilConfirmed(answer);
    expect(removals.map(({ recipient, basis }) => [recipient, basis])).toEqual([
      ['google', 'job_status'],
      ['meta', 'declared_time'],
    ]);
    for (const { requestedAt, sentAt, confirmedAt } of removals) {
      const steps = [barrierAt, requestedAt, sentAt, confirmedAt];
      expect([steps, inOrder(steps)]).toEqual([steps, true]);
    }
  });

  it('shows in the record of the person, releases and stop alike', async () => {
    const path = `/v1/subjects/${await idOf(harness.ask, 'held')}`;
    const answer = await harness.ask(path);
    const subject = answer.json<SubjectAnswer>();
    expect(subject.releases.map(({ recipient }) => recipient).sort()).toEqual(['google', 'meta']);
    expect(subject.releases[0]).toMatchObject({ policy: POLICY, evidence: ['ev-held'] });
    expect(subject.stops).toMatchObject([{ kind: 'suspension', through: 'own' }]);
    expect(subject.suspensions).toHaveLength(1);
    expect(answer.text).not.toContain('@mail.jp');
  });

  it('is kept in the ledger with who entered it', async () => {
    const rows = (await harness.summary.permissions.query(
      `select body from permissions.ledger where act = 'suspended' and subject_id = $1`,
      [await idOf(harness.ask, 'held')],
    )) as { body: { by: string; eventSource: string } }[];
    expect(rows).toMatchObject([{ body: { by: 'user:sato', eventSource: 'kyoka.api' } }]);
  });

  it('leaves everybody else where they are', async () => {
    expect(await adsDecision({ source: 'store', ref: 'other' })).toMatchObject({ allowed: true });
  });
});

describe('a suspension of a contact point', () => {
  it('reaches whoever has it, in any notation of it', async () => {
    const contacts = [{ kind: 'email', value: 'By-Contact@mail.jp' }];
    const answer = await suspend({ contacts, scope: EVERYTHING });
    expect(answer.subjects).toEqual([await idOf(harness.ask, 'by-contact')]);
    const { id } = await untilConfirmed(answer);

    // Who may not read about people learns neither whose it is nor that anybody held them.
    const desk = await harness.tokenOf('service:desk', ['suspensions:write', 'operations:read']);
    const told = (await harness.ask(`/v1/suspensions/${id}`, { token: desk })).json();
    expect(told).toMatchObject({ id, subjects: [], removals: [], followed: false });
    const again = await harness.ask('/v1/suspensions', {
      body: { contacts, scope: EVERYTHING },
      token: desk,
    });
    expect(again.json()).toMatchObject({ subjects: [], removals: [], followed: false });
    const onPages = async (token: string) => {
      const pages = ['/', '/suspensions', `/suspensions/${id}`, '/removals/overdue'];
      const texts = await Promise.all(
        pages.map(async (path) => (await harness.ask(path, { token })).text),
      );
      return [texts[2]?.includes('google'), texts[1]?.includes('確認済み 2')];
    };
    const auditor = await harness.tokenOf('service:audit', ['operations:read']);
    expect([await onPages(desk), await onPages(auditor)]).toEqual([
      [false, false],
      [true, true],
    ]);
  });

  it('that nobody has waits for it, and stops whoever comes with it', async () => {
    const contacts = [{ kind: 'email', value: 'later@mail.jp' }];
    const answer = await suspend({ contacts, scope: EVERYTHING });
    expect(answer).toMatchObject({ subjects: [], removals: [] });
    await post(harness.ask, member('later', [{ kind: 'email', value: 'later@mail.jp' }]));
    const { allowed, reasons } = await adsDecision({ source: 'store', ref: 'later' });
    expect([allowed, reasons?.map(({ code }) => code)]).toEqual([
      false,
      expect.arrayContaining(['suppressed_suspension']),
    ]);
  });
});

describe('an erasure', () => {
  /** As another process than the one that sealed carries them out. */
  const erasures = async () =>
    erasureTask({
      pool: harness.summary.permissions,
      vault: await openVault({ keyDir: harness.keyDir }),
      backupDir: join(dirname(harness.keyDir), 'backup'),
      parkedDays: 14,
    });

  it('stops at once, waits for both networks, and then answers for the subject with its receipt alone', async () => {
    const subject = { source: 'store', ref: 'erased' };
    const id = await idOf(harness.ask, 'erased');
    const answer = await harness.ask('/v1/erasures', { body: { subject: { id } } });
    expect(answer.status).toBe(201);
    const asked = answer.json<ErasureAnswer>();
    expect(asked).toMatchObject({ state: 'waiting', subjects: [id] });
    const refused = await adsDecision(subject);
    expect(refused.reasons?.map(({ code }) => code)).toContain('suppressed_erasure');

    const read = async () => (await harness.ask(`/v1/erasures/${asked.id}`)).json<ErasureAnswer>();
    const task = await erasures();
    await task.run(Date.now());
    expect((await read()).state).toBe('waiting');
    const state = await eventually('the removals are confirmed and the rows gone', async () => {
      await task.run(Date.now());
      const now = await read();
      if (now.state === 'waiting') throw new Error('still waiting');
      return now;
    });
    expect(state.removals.map((removal) => removal.state)).toEqual(['confirmed', 'confirmed']);
    await task.run(Date.now() + 2 * MINUTE);
    const receipt = await read();
    expect(receipt).toMatchObject({ state: 'erased', unconfirmed: 0 });
    expect(receipt.unreadableAfter).toBe(tokyoDay(Date.now() + 2 * MINUTE + 28 * DAY));

    const shown = (await harness.ask(`/v1/subjects/${id}`)).json<ErasedSubject>();
    expect(shown).toEqual({ id, erased: receipt });
    const stop = (await harness.ask(`/v1/suspensions/${asked.id}`)).json<SuspensionAnswer>();
    expect(stop.erasure).toEqual({ state: 'erased' });
    // The same address from an import stays blocked; everybody else goes on.
    await post(harness.ask, member('again', [{ kind: 'email', value: 'Erased@mail.jp' }]));
    const again = await adsDecision({ source: 'store', ref: 'again' });
    expect(again.reasons?.map(({ code }) => code)).toContain('suppressed_erasure');
    expect(await adsDecision({ source: 'store', ref: 'other' })).toMatchObject({ allowed: true });
  });

  it('is waited for by kyoka erase until its receipt, through the removals at both networks', async () => {
    const task = await erasures();
    const held = () => harness.played.lists().map(({ members }) => members.length);
    const before = held();
    const ran = kyoka(harness, ['erase', 'store/waited', '--wait', '60']);
    let answered = false;
    void ran.finally(() => (answered = true));
    const [id, path] = [await idOf(harness.ask, 'waited'), '/v1/erasures'];
    const waiting = await eventually('it was asked for', async () => {
      const [row] = (await harness.summary.permissions.query(
        'select erasure_id as id from permissions.erasure_subject where subject_id = $1',
        [id],
      )) as { id: string }[];
      if (row === undefined) throw new Error('not asked for');
      return row.id;
    });
    await eventually('the removals are confirmed and the rows gone', async () => {
      await task.run(Date.now());
      const now = (await harness.ask(`${path}/${waiting}`)).json<ErasureAnswer>();
      if (now.state === 'waiting') throw new Error('still waiting');
    });
    expect(answered).toBe(false);
    await task.run(Date.now() + 2 * MINUTE);
    const { code, out } = await ran;
    expect(code).toBe(0);
    expect(out).toMatchObject([
      {
        id: waiting,
        state: 'erased',
        subjects: [id],
        unconfirmed: 0,
        recordsUntil: expect.any(String),
      },
    ]);
    const { removals } = out[0] as unknown as ErasureAnswer;
    expect(removals.map(({ recipient, state }) => `${recipient} ${state}`).sort()).toEqual([
      'google confirmed',
      'meta confirmed',
    ]);
    expect(held()).toEqual(before.map((count) => count - 1));
  });

  it('of nobody who can be read is refused', async () => {
    const answer = await harness.ask('/v1/erasures', { body: {} });
    expect(answer.status).toBe(400);
    const unknown = { subject: { id: '00000000-0000-4000-8000-000000000000' } };
    expect((await harness.ask('/v1/erasures', { body: unknown })).status).toBe(400);
  });
});

it('a suspension of one channel removes nothing from another', async () => {
  const subject = { source: 'store', ref: 'narrow' };
  const scope = { purposes: ['info_product'], channels: ['email'] };
  const answer = await suspend({ subject, scope });
  expect(answer.removals).toEqual([]);
  expect(await adsDecision(subject)).toMatchObject({ allowed: true });
});

it('a field that nobody knows keeps no stop from taking effect, nor an event', async () => {
  const subject = { source: 'store', ref: 'other' };
  const scope = { purposes: ['info_product'], channels: ['email'] };
  expect(await suspend({ subject, scope, urgency: 'high' })).toMatchObject({ scope });
  const [registered] = member('newer', []);
  const event = { ...registered, data: { ...registered?.data, loyalty: 'gold' } };
  expect(await post(harness.ask, [event])).toEqual(['accepted']);
});

describe('what names nobody', () => {
  it.each([
    ['no one at all', { scope: EVERYTHING }],
    ['an id that is none of ours', { subject: { id: 'nobody' }, scope: EVERYTHING }],
    ['no scope', { subject: { source: 'store', ref: 'other' } }],
  ])('%s is a 400', async (_what, body) => {
    const answer = await harness.ask('/v1/suspensions', { body });
    expect([answer.status, answer.json()['code']]).toEqual([400, 'bad_input']);
  });

  it('an unknown suspension is a 404', async () => {
    for (const id of ['3f0c9b0e-6f0a-4d2e-9a53-0f6b3c1d7e21', 'x']) {
      expect((await harness.ask(`/v1/suspensions/${id}`)).status).toBe(404);
    }
  });
});
