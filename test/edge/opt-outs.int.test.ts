import type { SubjectAnswer } from '@kyoka/contracts';
import { queryable } from '@kyoka/postgres';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka } from './kyoka.js';
import { idOf, member, post } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
});
afterAll(() => harness.close());

const LIST = ['OptedOut@example.jp', '"090-1234-5678",2026-10-31', 'email'];
const words = ['publish', '--opt-outs', 'newsletter-2026', '--as-of', '2026-10-01'];
const mayWrite = async (ref: string) => {
  const answer = await harness.ask('/v1/decisions', {
    body: {
      policy: POLICY,
      subject: { source: 'store', ref },
      request: { purpose: 'info_product', channel: 'email' },
    },
  });
  return answer.json<{ allowed: boolean; reasons?: { code: string }[] }>();
};

it('a list that is imported first blocks its addresses once they appear, and no others', async () => {
  const first = await kyoka(harness, words, { input: LIST });
  expect(first.code).toBe(1);
  expect(first.out.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'refused']);
  expect(first.text).not.toMatch(/OptedOut|1234/);
  const again = await kyoka(harness, words, { input: LIST });
  expect(again.out.map(({ status }) => status)).toEqual(['duplicate', 'duplicate', 'refused']);
  expect(again.out.map(({ id }) => id)).toEqual(first.out.map(({ id }) => id));

  // The address appears later, in another spelling, with older consents that allow the mail.
  await post(harness.ask, member('listed', [{ kind: 'email', value: 'optedout@example.jp' }]));
  await post(harness.ask, member('unlisted', [{ kind: 'email', value: 'other@example.jp' }]));
  expect(await mayWrite('listed')).toMatchObject({
    allowed: false,
    reasons: [{ code: 'suppressed_objection' }],
  });
  expect(await mayWrite('unlisted')).toMatchObject({ allowed: true });
  const subject = await harness.ask(`/v1/subjects/${await idOf(harness.ask, 'listed')}`);
  expect(subject.json<SubjectAnswer>().stops).toMatchObject([
    { kind: 'objection', purpose: '*', channel: 'email', through: 'contact_point' },
  ]);
  const parked = await queryable(harness.summary.permissions).query('select from intake.parked');
  expect(parked).toEqual([]);
});
