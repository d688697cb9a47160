import { createEdge, HealthModule } from '@kyoka/edge';
import { afterEach, expect, it } from 'vitest';

let close: (() => Promise<void>) | undefined;
afterEach(() => close?.());

/** An edge on this machine that takes the peers of a network for its proxies. */
async function behind(proxies: readonly string[]) {
  const app = await createEdge({
    roles: [HealthModule.with({})],
    access: { identify: async () => undefined, quotas: { take: async () => undefined } },
    logger: { log: () => undefined, warn: () => undefined, error: () => undefined },
    maxBodyBytes: 1_024,
    proxies,
    onFault: () => undefined,
  });
  close = () => app.close();
  await app.listen(0, '127.0.0.1');
  const url = `${await app.getUrl()}/health/live`;
  return async (headers: Record<string, string> = {}) => (await fetch(url, { headers })).status;
}

it('answers a declared proxy for what came to it by https alone', async () => {
  const ask = await behind(['10.0.0.7', '127.0.0.0/8']);
  expect(await ask({ 'x-forwarded-proto': 'https' })).toBe(200);
  expect(await ask({ 'x-forwarded-proto': 'http' })).toBe(403);
  expect(await ask()).toBe(403);
});

it('answers this machine itself where no proxy runs on it', async () => {
  const ask = await behind(['10.0.0.7']);
  expect(await ask()).toBe(200);
});
