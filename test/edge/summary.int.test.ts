import type { AudienceAnswer, RunAnswer, SuspensionAnswer } from '@kyoka/contracts';
import { FIGURES, figureTask, readSummary, renderSummary, type Summary } from '@kyoka/edge';
import { DAY, MINUTE } from '@kyoka/kernel';
import { queryable } from '@kyoka/postgres';
import {
  DEMO_PERSON,
  sampleAudiences,
  sampleCompany,
  sampleContacts,
  toCloudEvent,
} from '@kyoka/sample';
import { eventually } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runDue } from '../clock/timed.js';
import { leakScanner } from '../leaks/leak-scan.js';
import { plantedOf } from '../leaks/planted.js';
import { type Harness, openHarness, POLICY } from './harness.js';
import { inOrder } from './in-order.js';
import { member, post } from './people.js';

let harness: Harness;
let summary: Summary;
let accepted = 0;
let stopped: string;
const company = sampleCompany({ seed: 7, now: Date.now(), people: 120 });

beforeAll(async () => {
  harness = await openHarness();
  const { ask, worker } = harness;
  for (const path of [`policies/${POLICY}`, 'recipients/google', 'recipients/meta']) {
    await harness.switchOn(`/v1/${path}/switch`);
  }
  const events = company.events.filter(({ damage }) => damage === undefined);
  for (let start = 0; start < events.length; start += 500) {
    const part = events.slice(start, start + 500).map(({ draft }) => toCloudEvent(draft));
    accepted += (await post(ask, part)).filter((outcome) => outcome === 'accepted').length;
  }
  worker.start();
  for (const audience of sampleAudiences(Date.now(), 'user:sato')) {
    const defined = (await ask('/v1/audiences', { body: audience })).json<AudienceAnswer>();
    const path = `/v1/audiences/${defined.id}/runs`;
    const headers = { 'idempotency-key': 'once' };
    const run = (await ask(path, { method: 'POST', headers })).json<RunAnswer>();
    await eventually('the run ends', async () => {
      const { state } = (await ask(`${path}/${run.id}`)).json<RunAnswer>();
      return state === 'finished';
    });
  }
  const body = { subject: DEMO_PERSON, scope: { purposes: ['*'], channels: ['*'] } };
  stopped = (await ask('/v1/suspensions', { body })).json<SuspensionAnswer>().id;
  await eventually('the removals are confirmed', async () => {
    const { removals } = (await ask(`/v1/suspensions/${stopped}`)).json<SuspensionAnswer>();
    return removals.length === 2 && removals.every(({ state }) => state === 'confirmed');
  });
  summary = await readSummary(harness.summary, { duplicate: 3, url: harness.url });
});
afterAll(() => harness.close());

describe('the summary', () => {
  it('counts the events that were accepted, and what waits parked', () => {
    // The suspension over HTTP is an event as well.
    expect(summary.events).toMatchObject({ accepted: accepted + 1, made: 1 });
    expect(summary.events.duplicate).toBe(3);
    expect(summary.events.parked.length).toBeGreaterThan(0);
  });

  it('says of every record whether each use may reach it, with one reason for each refusal', () => {
    const { people } = summary;
    expect(people.records.reduce((sum, { records }) => sum + records, 0)).toBe(people.total);
    expect(people.uses.length).toBeGreaterThan(3);
    for (const { allowed, refused, reasons } of people.uses) {
      expect(allowed + refused).toBe(people.decided);
      expect(reasons.reduce((sum, { records }) => sum + records, 0)).toBe(refused);
    }
  });

  it('has a waterfall of each audience that adds up, and what the network holds of it', () => {
    expect(summary.audiences).toHaveLength(2);
    for (const { run, held } of summary.audiences) {
      const { waterfall } = run as RunAnswer;
      const { segment, minus, permitted, sent, accepted: taken } = waterfall;
      expect(segment - minus.reduce((sum, { people }) => sum + people, 0)).toBe(permitted);
      expect(sent).toBeGreaterThan(0);
      expect(taken + waterfall.refusedByNetwork + waterfall.unknown).toBe(sent);
      // All that was accepted, but the one who stopped.
      expect(held).toBe(taken - 1);
    }
  });

  it('tells the steps of the suspension in their order, for each network', () => {
    const told = summary.stops.undone.find(({ id }) => id === stopped);
    expect(told?.removals.map(({ recipient }) => recipient)).toEqual(['google', 'meta']);
    for (const { requestedAt, sentAt, confirmedAt } of told?.removals ?? []) {
      const steps = [told?.arrivedAt, told?.barrierAt, requestedAt, sentAt, confirmedAt];
      expect([steps, inOrder(steps)]).toEqual([steps, true]);
    }
  });

  it('tells how far each erasure has come', () => {
    const asked = summary.stops.acts.find(({ kind }) => kind === 'erasure')?.acts ?? 0;
    const { waiting, latestAt = '', cleared, erased } = summary.stops.erasures;
    expect(asked).toBeGreaterThan(0);
    // No clock runs here: every one of them waits, for two weeks at most.
    expect([waiting, cleared, erased]).toEqual([asked, 0, 0]);
    expect(Date.parse(latestAt)).toBeLessThanOrEqual(Date.now() + 14 * DAY);
    expect(renderSummary(summary)).toContain('waiting for the removals at the networks, until 20');
  });

  it('is rendered for people, with every count and where to look next, and no contact value', () => {
    const page = renderSummary(summary);
    expect(page).toContain(harness.url);
    for (const { name } of summary.audiences) expect(page).toContain(name);
    const scanner = leakScanner(plantedOf(sampleContacts(company)));
    expect(scanner.scanText(page, 'rendered')).toEqual([]);
    expect(scanner.scanText(JSON.stringify(summary), 'read')).toEqual([]);
  });
});

describe('totals that take long to count', () => {
  const contexts = () =>
    (['permissions', 'audiences'] as const).map((context) => {
      const pool = harness.summary[context];
      return { context, pool, task: figureTask(pool, context, FIGURES[context]) };
    });
  const parts = ({ events, people, audiences, stops, evidence }: Summary) => ({
    accepted: events.accepted,
    records: people.records,
    held: audiences.map(({ id, held, someone }) => ({ id, held, someone })),
    acts: stops.acts,
    erasures: stops.erasures,
    evidence,
  });
  const read = async () => parts(await readSummary(harness.summary));

  it('are counted by the clock, each once a minute, and then shown as they were counted', async () => {
    const now = Date.now();
    const before = await read();
    for (const { pool, context, task } of contexts()) {
      expect(await runDue([task], () => now)).toBe(FIGURES[context].length);
      expect(await runDue([task], () => now + MINUTE - 1)).toBe(0);
      expect(await task.next?.()).toBe(now + MINUTE);
      // As if each had taken an hour, of which nobody waits for the counting.
      await queryable(pool).query(`update ${context}.figure set took_ms = 3600000`);
      expect(await task.next?.()).toBe(now + 20 * 60 * MINUTE);
    }
    expect(await read()).toEqual(before);
    await post(harness.ask, member('late', [{ kind: 'email', value: 'late@mail.example.jp' }]));
    expect(await read()).toEqual(before);
    // Control: where counting is quick, it is done when it is asked for.
    await queryable(harness.summary.permissions).query('update permissions.figure set took_ms = 1');
    expect((await read()).accepted).toBeGreaterThan(before.accepted);
  });
});
