import type { FreezesAnswer } from '@kyoka/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openHarness } from './harness.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

const scope = { purposes: ['*'], channels: ['*'] };
const freeze = (body: object) =>
  harness.ask('/v1/freezes', { body: { scope, reason: 'a leak', ...body } });

describe('a freeze', () => {
  it.each<[string, object]>([
    ['scope.purposes[1]', { scope: { purposes: ['info_product', 'marketing'], channels: ['*'] } }],
    ['recipients[0]', { recipients: ['google_ads'] }],
    ['sources[1]', { sources: ['store', 'mall.unheard'] }],
  ])('that names what nothing knows at %s is refused, and none is set', async (field, body) => {
    const answer = await freeze(body);
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ faults: [{ field }] });
    const { freezes } = (await harness.ask('/v1/freezes')).json<FreezesAnswer>();
    expect(freezes).toEqual([]);
  });

  it('control: one of known names is set', async () => {
    const body = {
      scope: { purposes: ['info_product'], channels: ['email'] },
      recipients: ['google'],
      sources: ['store'],
    };
    expect((await freeze(body)).status).toBe(201);
  });
});
