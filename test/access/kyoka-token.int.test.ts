import { formatInstant, HOUR } from '@kyoka/kernel';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness } from '../edge/harness.js';
import { kyoka } from '../edge/kyoka.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

it('kyoka token creates, lists and revokes', async () => {
  const until = formatInstant(Date.now() + HOUR);
  const words = ['--name', 'sync', '--scope', 'parked:read', '--until', until];
  const made = await kyoka(harness, ['token', 'create', ...words, '--owner', 'service:sync']);
  expect(made).toMatchObject({ code: 0, out: [{ owner: 'service:sync', madeBy: 'user:sato' }] });
  const { id, token } = made.out[0] as { id: string; token: string };
  const { out } = await kyoka(harness, ['token', 'list'], { token });
  expect(out.map((one) => one['id'])).toEqual([id]);
  expect((await kyoka(harness, ['token', 'revoke', id])).out).toEqual([{ revoked: [id] }]);
  expect((await harness.ask('/v1/parked', { token })).status).toBe(401);
});
