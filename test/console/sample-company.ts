import type { AudienceAnswer, RunAnswer, SuspensionAnswer } from '@kyoka/contracts';
import { queryable } from '@kyoka/postgres';
import {
  DEMO_PERSON,
  sampleAudiences,
  sampleCompany,
  type SampleCompany,
  toCloudEvent,
} from '@kyoka/sample';
import { eventually } from '@kyoka/testing';
import { type Harness, openHarness, POLICY } from '../edge/harness.js';
import { post } from '../edge/people.js';

/** A served company in which something of every page happened. */
export interface ServedCompany {
  readonly harness: Harness;
  readonly company: SampleCompany;
  readonly audience: string;
  readonly suspension: string;
  /** The record of the person who asked for the suspension. */
  readonly subject: string;
  close(): Promise<void>;
}

const PUBLISHER = {
  name: 'webshop',
  sources: ['store'],
  types: ['jp.kyoka.order.placed.v1'],
  until: '2099-12-31',
};

export async function serveSampleCompany(): Promise<ServedCompany> {
  const harness = await openHarness();
  const { ask, worker } = harness;
  const company = sampleCompany({ seed: 7, now: Date.now(), people: 120 });
  for (const path of [`policies/${POLICY}`, 'recipients/google', 'recipients/meta']) {
    await harness.switchOn(`/v1/${path}/switch`);
  }
  const events = company.events.filter(({ damage }) => damage === undefined);
  for (let start = 0; start < events.length; start += 500) {
    const part = events.slice(start, start + 500).map(({ draft }) => toCloudEvent(draft));
    await post(ask, part);
  }
  await ask('/v1/publishers', { body: PUBLISHER });
  worker.start();
  let audience = '';
  for (const defined of sampleAudiences(Date.now(), 'user:sato')) {
    audience = (await ask('/v1/audiences', { body: defined })).json<AudienceAnswer>().id;
    const path = `/v1/audiences/${audience}/runs`;
    const headers = { 'idempotency-key': 'once' };
    const run = (await ask(path, { method: 'POST', headers })).json<RunAnswer>();
    await eventually('the run ends', async () => {
      const { state } = (await ask(`${path}/${run.id}`)).json<RunAnswer>();
      return state === 'finished';
    });
  }
  const body = { subject: DEMO_PERSON, scope: { purposes: ['*'], channels: ['*'] } };
  const { id } = (await ask('/v1/suspensions', { body })).json<SuspensionAnswer>();
  const read = async () => (await ask(`/v1/suspensions/${id}`)).json<SuspensionAnswer>();
  await eventually('a removal is confirmed', async () =>
    (await read()).removals.some(({ state }) => state === 'confirmed'),
  );
  const told = await read();
  await worker.stop();
  // As if the network had not confirmed one of them in time.
  await queryable(harness.summary.audiences).query(
    `update audiences.removal set state = 'overdue', overdue_at = now(), confirmed_at = null, basis = null
      where id = (select id from audiences.removal order by state <> 'confirmed' desc, id limit 1)`,
  );
  return {
    harness,
    company,
    audience,
    suspension: id,
    subject: told.subjects[0] ?? '',
    close: () => harness.close(),
  };
}
