import { randomUUID } from 'node:crypto';
import type { DisclosureAnswer, HandOverAnswer, SubjectAnswer } from '@kyoka/contracts';
import { DAY, formatInstant } from '@kyoka/kernel';
import { appendDisclosureStep } from '@kyoka/permission-store';
import { inTransaction, queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka } from './kyoka.js';
import { idOf, member, post } from './people.js';

const CANARY = { email: 'canary.taro@example.jp', phone: '090-1234-5678' };

let harness: Harness;
let tokens: Readonly<Record<'desk' | 'approver' | 'reader', string>>;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  await post(harness.ask, [
    ...member('taro', [
      { kind: 'email', value: CANARY.email },
      { kind: 'phone', value: CANARY.phone },
    ]),
    ...member('hana', [{ kind: 'email', value: 'hana@example.jp' }]),
  ]);
  tokens = {
    desk: await harness.tokenOf('service:desk', ['disclosures:write', 'subjects:read']),
    approver: await harness.tokenOf('service:counsel', ['disclosures:approve', 'subjects:read']),
    reader: await harness.tokenOf('service:reader', ['subjects:read']),
  };
});
afterAll(() => harness.close());

const CASE = {
  subject: { source: 'store', ref: 'taro' },
  policy: POLICY,
  ground: 'law',
  party: {
    name: 'Minato police station',
    address: '4-7-1 Mita, Minato-ku, Tokyo',
    representative: 'head of the first section',
  },
  paper: { reference: 'R8 inquiry 123', date: '2026-11-18' },
  items: ['email', 'phone', 'orders'],
  statements: { basis: 'Code of Criminal Procedure Art. 197(2)' },
  until: 'P7D',
};

const open = async (more: object = {}, token = harness.tokens.sato): Promise<DisclosureAnswer> => {
  const answer = await harness.ask('/v1/disclosures', { body: { ...CASE, ...more }, token });
  expect([answer.status, answer.text]).toEqual([201, answer.text]);
  return answer.json<DisclosureAnswer>();
};
const approve = (id: string, token = harness.tokens.suzuki, yes = true) =>
  harness.ask(`/v1/disclosures/${id}/approval`, {
    body: { approve: yes, reason: 'read the paper' },
    token,
  });
const handOver = (id: string, token = harness.tokens.sato) =>
  harness.ask(`/v1/disclosures/${id}/hand-over`, { method: 'POST', token });
const approved = async (more: object = {}): Promise<string> => {
  const { id } = await open(more);
  expect((await approve(id)).json()).toMatchObject({ state: 'approved' });
  return id;
};
const stepsOf = async (id: string) =>
  (
    await queryable(harness.summary.permissions).query<{ step: string }>(
      'select step from permissions.disclosure_step where case_id = $1 order by block',
      [id],
    )
  ).map(({ step }) => step);

/** A case that was approved in time, and whose last day passed. */
async function approvedLongAgo(): Promise<string> {
  const caseId = randomUUID();
  const subjectId = await idOf(harness.ask, 'taro');
  const openedAt = Date.now() - 30 * DAY;
  const until = formatInstant(openedAt + DAY);
  const { subject: _, ...asked } = CASE;
  const stands = { ...asked, until, reasons: [], missing: [] };
  await inTransaction(harness.summary.permissions, async (tx) => {
    const step = { caseId, subjectId, openedAt, at: openedAt };
    const opened = { ...stands, by: 'user:sato', standingBehind: ['user:sato'] };
    await appendDisclosureStep(tx, { ...step, id: randomUUID(), step: 'opened', body: opened });
    const decided = { by: 'user:suzuki', standingBehind: ['user:suzuki'], reason: 'read it' };
    await appendDisclosureStep(tx, { ...step, id: randomUUID(), step: 'approved', body: decided });
  });
  return caseId;
}
const codeOf = ({ json, status }: Awaited<ReturnType<typeof approve>>) => [status, json()['code']];

describe('a case', () => {
  it('is opened by one person, approved by another, handed over once, and on record before', async () => {
    const opened = await open({ untold: { reason: 'telling would defeat the inquiry' } });
    expect(opened).toMatchObject({
      state: 'open',
      article: 'APPI Art. 27(1)(i)',
      reasons: [],
      missing: [],
      opened: { by: 'user:sato' },
    });
    expect(codeOf(await handOver(opened.id))).toEqual([409, 'conflict']);
    expect((await approve(opened.id)).json()).toMatchObject({
      state: 'approved',
      decided: { by: 'user:suzuki', reason: 'read the paper' },
    });
    const handed = await handOver(opened.id);
    expect([handed.status, handed.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(handed.json<HandOverAnswer>()).toMatchObject({
      disclosure: { state: 'handed_over', handedOver: { by: 'user:sato' } },
      contacts: [
        { kind: 'email', value: CANARY.email },
        { kind: 'phone', value: '+819012345678' },
      ],
      orders: [{ source: 'store', ref: 'o-taro', items: [{ sku: 'serum-30', yen: 3980 }] }],
    });
    expect(codeOf(await handOver(opened.id))).toEqual([409, 'conflict']);
    expect(await stepsOf(opened.id)).toEqual(['opened', 'approved', 'handed_over']);

    const subject = await harness.ask(`/v1/subjects/${opened.subject}`);
    expect(subject.json<SubjectAnswer>().disclosures).toEqual([
      expect.objectContaining({
        id: opened.id,
        ground: 'law',
        party: CASE.party.name,
        items: CASE.items,
        untold: true,
      }),
    ]);
  });

  it('shows in the company’s page of the person, and not in their own', async () => {
    const taro = await idOf(harness.ask, 'taro');
    const body = { page: 'preferences' };
    const made = await harness.ask(`/v1/subjects/${taro}/page-tokens`, { body });
    const [theirs, ours] = [
      await harness.ask(made.json<{ url: string }>().url, { token: null }),
      await harness.ask(`/people/${taro}`, { headers: { 'accept-language': 'en' } }),
    ];
    expect([theirs.status, ours.status]).toEqual([200, 200]);
    expect(ours.text).toMatch(/Minato police station.*is not told/s);
    expect(theirs.text).not.toContain('Minato');
  });

  it('hands over what it names and nothing else', async () => {
    const { contacts, orders } = (
      await handOver(await approved({ items: ['phone', 'line'] }))
    ).json<HandOverAnswer>();
    expect([contacts, orders]).toEqual([[{ kind: 'phone', value: '+819012345678' }], []]);
  });

  it('of an approver may be handed to them, and to nobody whom it does not name', async () => {
    const id = await approved();
    for (const token of [tokens.desk, tokens.approver]) {
      expect(codeOf(await handOver(id, token))).toEqual([403, 'not_permitted']);
    }
    expect((await handOver(id, harness.tokens.suzuki)).status).toBe(200);
  });

  it('is handed over once, however many ask at the same moment', async () => {
    const id = await approved();
    const answers = await Promise.all([handOver(id), handOver(id, harness.tokens.suzuki)]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
  });

  it('that was refused, or whose last day passed, goes no further', async () => {
    const refused = await open();
    expect((await approve(refused.id, harness.tokens.suzuki, false)).json()).toMatchObject({
      state: 'refused',
    });
    expect(codeOf(await approve(refused.id))).toEqual([409, 'conflict']);
    expect(codeOf(await handOver(refused.id))).toEqual([409, 'conflict']);

    const late = await open({ until: '2026-01-01' });
    expect([late.state, late.reasons.map(({ code }) => code)]).toEqual([
      'lacking',
      ['outside_period'],
    ]);
    expect(codeOf(await approve(late.id))).toEqual([409, 'conflict']);

    const over = await approvedLongAgo();
    const read = await harness.ask(`/v1/disclosures/${over}`);
    expect(read.json()).toMatchObject({ state: 'over', decided: { by: 'user:suzuki' } });
    expect(codeOf(await handOver(over))).toEqual([409, 'conflict']);
  });

  it('takes a second person: not the opener, nor a token that passed through their hands', async () => {
    const { id } = await open();
    for (const token of [harness.tokens.sato, tokens.approver]) {
      expect(codeOf(await approve(id, token))).toEqual([403, 'not_permitted']);
    }
    expect(await stepsOf(id)).toEqual(['opened']);
  });
});

describe('who lacks the scope', () => {
  it('neither opens, approves, reads nor gets anything', async () => {
    const id = await approved();
    const refused = [
      await harness.ask('/v1/disclosures', { body: CASE, token: tokens.approver }),
      await approve(id, tokens.desk),
      await handOver(id, tokens.reader),
      await harness.ask('/v1/disclosures', { token: tokens.reader }),
      await harness.ask(`/v1/disclosures/${id}`, { token: tokens.reader }),
    ];
    for (const answer of refused) expect(codeOf(answer)).toEqual([403, 'not_permitted']);
    const read = await harness.ask(`/v1/disclosures/${id}`, { token: tokens.approver });
    expect(read.json()).toMatchObject({ id, state: 'approved' });
  });
});

describe('a case that does not stand', () => {
  it('is kept with what it lacks, and can not be approved', async () => {
    const { paper: _, statements: __, until: ___, ...bare } = CASE;
    const answer = await harness.ask('/v1/disclosures', {
      body: { ...bare, ground: 'life', items: ['email', 'card_number'] },
    });
    const lacking = answer.json<DisclosureAnswer>();
    expect(lacking).toMatchObject({
      state: 'lacking',
      missing: [{ field: 'statements.need' }, { field: 'statements.obstacle' }, { field: 'until' }],
    });
    expect(lacking.reasons.map(({ code }) => code)).toEqual([
      'facts_incomplete',
      'item_not_allowed',
      'period_missing',
    ]);
    expect(codeOf(await approve(lacking.id))).toEqual([409, 'conflict']);
  });

  it.each([
    ['nobody is known', { subject: { source: 'store', ref: 'nobody' } }, 'unknown_subject'],
    ['the version is not in force', { policy: 'loveinn@1' }, 'unknown_policy'],
    ['the text does not write the ground', { ground: 'academic' }, 'provision_not_allowed'],
  ])('%s', async (_, more, code) => {
    const { state, reasons } = await open(more);
    expect([state, reasons.map((reason) => reason.code)]).toEqual([
      'lacking',
      expect.arrayContaining([code]) as string[],
    ]);
  });

  it('no text of it may hold an address, and a fault repeats none', async () => {
    for (const more of [
      { party: { ...CASE.party, representative: `Sato, ${CANARY.email}` } },
      { statements: { basis: 'call ０９０－１２３４－５６７８' } },
      { untold: { reason: '(03) 1234 5678' } },
    ]) {
      const { status, text } = await harness.ask('/v1/disclosures', { body: { ...CASE, ...more } });
      expect([status, text]).toEqual([400, expect.stringContaining('without an email address')]);
      expect(text).not.toMatch(/canary|５６７８|5678/);
    }
  });
});

describe('what happens meanwhile', () => {
  it('a stop of the person does not block it, a freeze that names it does, one of everything does not', async () => {
    const id = await approved();
    await harness.ask('/v1/suspensions', {
      body: { subject: CASE.subject, scope: { purposes: ['*'], channels: ['*'] } },
    });
    const freeze = async (purpose: string) =>
      (
        await harness.ask('/v1/freezes', {
          body: { scope: { purposes: [purpose], channels: ['*'] }, reason: 'test' },
        })
      ).json<{ id: string }>().id;
    const named = await freeze('exceptional_disclosure');
    const refused = await handOver(id);
    expect(refused.json()).toMatchObject({ status: 409, faults: [{ field: 'frozen' }] });
    await harness.ask(`/v1/freezes/${named}/lift`, { body: { reason: 'over' } });
    const everything = await freeze('*');
    expect((await handOver(id)).status).toBe(200);
    await harness.ask(`/v1/freezes/${everything}/lift`, { body: { reason: 'over' } });
  });

  it('of somebody whose rows an erasure took out there is nothing to hand over', async () => {
    const subject = { source: 'store', ref: 'hana' };
    const id = await approved({ subject, items: ['email'] });
    const waiting = await open({ subject, items: ['email'] });
    const hana = await idOf(harness.ask, 'hana');
    await harness.ask('/v1/erasures', { body: { subject } });
    const db = queryable(harness.summary.permissions);
    await db.query(
      `select permissions.erase_subjects(erasure_id, array[$1::uuid]) from permissions.erasure_subject where subject_id = $1`,
      [hana],
    );
    await db.query(`update permissions.erasure set state = 'cleared', cleared_at = now()`);
    for (const refused of [await handOver(id), await approve(waiting.id)]) {
      expect(refused.json()).toMatchObject({ status: 409, faults: [{ field: 'unknown_subject' }] });
    }
    expect(await open({ subject })).not.toHaveProperty('subject');
  });
});

it('kyoka disclosure: opened from a line, approved, handed over on standard output alone, listed', async () => {
  const suzuki = { token: harness.tokens.suzuki };
  const opened = await kyoka(harness, ['disclosure', 'open'], { input: [JSON.stringify(CASE)] });
  const id = String(opened.out[0]?.['id']);
  const reason = ['--reason', 'read the paper'];
  const own = await kyoka(harness, ['disclosure', 'approve', id, ...reason]);
  expect(own).toMatchObject({ code: 1, out: [{ status: 'refused', code: 'not_permitted' }] });
  const approved = await kyoka(harness, ['disclosure', 'approve', id, ...reason], suzuki);
  expect(approved).toMatchObject({ code: 0, out: [{ id, state: 'approved' }] });
  const handed = await kyoka(harness, ['disclosure', 'hand-over', id]);
  expect(handed).toMatchObject({ code: 0, out: [{ contacts: [{ value: CANARY.email }, {}] }] });
  const other = await open();
  const refused = await kyoka(harness, ['disclosure', 'refuse', other.id, ...reason], suzuki);
  expect(refused.out).toMatchObject([{ id: other.id, state: 'refused' }]);
  const [listed, shown] = [
    await kyoka(harness, ['disclosure', 'list']),
    await kyoka(harness, ['disclosure', 'show', id]),
  ];
  expect(listed.out.slice(0, 2)).toMatchObject([{ id: other.id }, { id }]);
  expect(shown.out).toMatchObject([{ id, state: 'handed_over' }]);
  for (const { text } of [opened, approved, listed, shown]) expect(text).not.toContain('canary');
});

it('lists cases newest first, and goes on where it stopped', async () => {
  const newest = await open();
  const { disclosures } = (await harness.ask('/v1/disclosures')).json<{
    disclosures: DisclosureAnswer[];
  }>();
  expect(disclosures.length).toBeGreaterThan(10);
  const ids = disclosures.map(({ id }) => id);
  expect(ids[0]).toBe(newest.id);
  const rest = (await harness.ask(`/v1/disclosures?after=${ids[3]}`)).json<{
    disclosures: DisclosureAnswer[];
  }>();
  expect(rest.disclosures.map(({ id }) => id)).toEqual(ids.slice(4));
});

it('no value lies in the record, the acts or the log, and every step is an act', async () => {
  const db = queryable(harness.summary.permissions);
  const kept = await db.query<{ line: string }>(
    `select body::text as line from permissions.disclosure_step
     union all select to_jsonb(a)::text from access.act a`,
  );
  const told = [...kept.map(({ line }) => line), JSON.stringify([harness.logged, harness.faults])];
  expect(told.join('\n')).toContain('handed_over');
  expect(told.join('\n')).not.toMatch(/canary|1234.?5678|hana@/i);
  const [counts] = await db.query(
    `select (select count(*) from permissions.disclosure_step) as steps,
       (select count(*) from access.act where act like 'disclosure.%') as acts`,
  );
  // The two steps of the case from long ago were not taken over HTTP.
  const { steps, acts } = counts as { steps: string; acts: string };
  expect(Number(acts)).toBe(Number(steps) - 2);
});
