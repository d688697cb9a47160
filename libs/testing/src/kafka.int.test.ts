import { expect, it } from 'vitest';
import { describeWithKafka, isAlive } from './index.js';

await describeWithKafka('a broker', (kafka) => {
  it("of a test's own can be killed and comes back at the same address", async ({ skip }) => {
    const own = await kafka.ownBroker();
    if (own === undefined) return skip('needs Java and Maven');
    expect(kafka.brokers).not.toContain(own.address);
    const { address, pid } = own;
    await own.kill('SIGKILL');
    expect(isAlive(pid)).toBe(false);
    await own.restart();
    expect(own.address).toBe(address);
    expect(own.pid).not.toBe(pid);
    await own.kill('SIGTERM');
  });
});
