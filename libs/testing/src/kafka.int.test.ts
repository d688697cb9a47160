import { expect, it } from 'vitest';
import { describeWithKafka } from './index.js';

await describeWithKafka('a broker of the test run', (kafka) => {
  it('is one that keeps what it acknowledged when it is killed', async () => {
    const own = await kafka.ownBroker();
    expect(own?.address).not.toBe(kafka.brokers[0]);
    await own?.kill('SIGKILL');
    await own?.restart();
  });
});
