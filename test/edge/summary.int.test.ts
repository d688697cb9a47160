import { readSummary, renderSummary, type Summary } from '@kyoka/edge';
import {
  DEMO_CONTACTS,
  DEMO_PERSON,
  sampleAudiences,
  sampleCompany,
  toCloudEvent,
} from '@kyoka/sample';
import { eventually } from '@kyoka/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';

let harness: Harness;
let summary: Summary;
const counts = { accepted: 0, duplicate: 0, skipped: 0, parked: 0, refused: 0 };

beforeAll(async () => {
  harness = await openHarness();
  const { ask } = harness;
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  await harness.switchOn('/v1/recipients/google/switch');
  await harness.switchOn('/v1/recipients/meta/switch');
  const company = sampleCompany({ seed: 7, now: Date.now(), people: 120 });
  const events = company.events.filter(({ damage }) => damage === undefined);
  for (let start = 0; start < events.length; start += 500) {
    const { json } = await ask('/v1/events', {
      body: events.slice(start, start + 500).map(({ draft }) => toCloudEvent(draft)),
      type: 'application/cloudevents-batch+json',
    });
    for (const { outcome } of json.results as { outcome: keyof typeof counts }[])
      counts[outcome] += 1;
  }
  harness.worker.start();
  for (const audience of sampleAudiences(Date.now(), 'user:sato')) {
    const { json } = await ask('/v1/audiences', { body: audience });
    const run = await ask(`/v1/audiences/${json.id}/runs`, {
      method: 'POST',
      headers: { 'idempotency-key': 'once' },
    });
    await eventually('the run ends', async () => {
      const { json: read } = await ask(`/v1/audiences/${json.id}/runs/${run.json.id}`);
      return read.state === 'finished';
    });
  }
  const stopped = await ask('/v1/suspensions', {
    body: { subject: DEMO_PERSON, scope: { purposes: ['*'], channels: ['*'] } },
  });
  const { queryable } = await import('@kyoka/postgres');
  const idsOf = await queryable(harness.summary.permissions).query<any>(
    'select source, ref from permissions.v_subject limit 1000',
  );
  const tally = new Map<string, number>();
  for (const [channel, purpose, recipient] of [
    ['email', 'info_product', undefined],
    ['ads', 'ad_matching', 'google'],
  ] as const) {
    const { json } = await ask('/v1/decisions:batch', {
      body: {
        cases: idsOf.map(({ source, ref }) => ({
          policy: POLICY,
          subject: { source, ref },
          request: { purpose, channel, recipient },
        })),
      },
    });
    json.decisions.forEach((d: any, i: number) => {
      for (const r of d.reasons ?? [])
        if (r.code === 'facts_incomplete') {
          const k = `${channel} ${idsOf[i].source} ${r.rule} ${r.detail} +${d.reasons
            .filter((x: any) => x.code !== 'facts_incomplete')
            .map((x: any) => x.code)
            .join()}`;
          tally.set(k, (tally.get(k) ?? 0) + 1);
        }
    });
  }
  process.stdout.write(JSON.stringify([...tally], null, 1));
  await eventually('the removals are confirmed', async () => {
    const { json } = await ask(`/v1/suspensions/${stopped.json.id}`);
    return (
      json.removals.length === 2 && json.removals.every((one: any) => one.state === 'confirmed')
    );
  });
  summary = await readSummary(harness.summary, {
    duplicate: counts.duplicate,
    skipped: counts.skipped,
    url: harness.url,
  });
});
afterAll(() => harness.close());

describe('the summary', () => {
  it('prints', () => {
    process.stdout.write(renderSummary(summary));
    expect(1).toBe(1);
  });
});
