import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Harness, openHarness, POLICY } from './harness.js';
import { kyoka } from './kyoka.js';
import { idOf, member, post } from './people.js';

let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
  await harness.switchOn(`/v1/policies/${POLICY}/switch`);
  await post(harness.ask, [
    ...member('taro', [{ kind: 'email', value: 'taro@example.jp' }]),
    ...member('hana', [{ kind: 'email', value: 'hana@example.jp' }]),
  ]);
});
afterAll(() => harness.close());

it('kyoka erase takes a reference, or an address on standard input, and tells whom it means', async () => {
  const [taro, hana] = [await idOf(harness.ask, 'taro'), await idOf(harness.ask, 'hana')];
  expect(await kyoka(harness, ['erase', 'store/taro', '--wait', '0'])).toMatchObject({
    code: 0,
    out: [{ state: 'waiting', subjects: [taro] }],
  });
  const byAddress = await kyoka(harness, ['erase'], { input: ['hana@example.jp'] });
  expect(byAddress).toMatchObject({ code: 0, out: [{ state: 'waiting', subjects: [hana] }] });
  expect(byAddress.text).not.toContain('example.jp');
});

it('kyoka erase refuses an address as an argument, without repeating it', async () => {
  const { code, text } = await kyoka(harness, ['erase', 'hana@example.jp']);
  expect(code).not.toBe(0);
  expect(text).not.toContain('hana@');
});
