import { setImmediate } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { Closing } from './closing.js';

const never = () => new Promise<never>(() => undefined);

it('closes the last opened first, and names what failed', async () => {
  const closing = new Closing();
  const order: string[] = [];
  for (const name of ['pool', 'worker', 'edge']) {
    closing.add(name, async () => {
      order.push(name);
      if (name === 'worker') throw new Error('no');
    });
  }
  expect(await closing.close(1_000)).toEqual(['worker']);
  expect(order).toEqual(['edge', 'worker', 'pool']);
});

it('keeps to one time for everything, of which the first that hangs leaves some', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] });
  vi.doMock('node:timers/promises', () => ({
    setTimeout: (ms: number, value: unknown) =>
      new Promise((resolve) => void setTimeout(resolve, ms, value)),
  }));
  vi.resetModules();
  try {
    const { Closing: Timed } = await import('./closing.js');
    const closing = new Timed();
    const closed: string[] = [];
    closing.add('pool', async () => closed.push('pool'));
    closing.add('relay', never);
    closing.add('edge', never);
    const began = performance.now();
    const failed = closing.close(1_000);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await failed).toEqual(['edge', 'relay']);
    expect(closed).toEqual(['pool']);
    expect(performance.now() - began).toBe(1_000);
  } finally {
    vi.doUnmock('node:timers/promises');
    vi.useRealTimers();
  }
});

it('closes at once what is opened after the end has begun', async () => {
  const closing = new Closing();
  closing.add('edge', async () => undefined);
  expect(await closing.close(1_000)).toEqual([]);
  let closed = false;
  closing.add('late', async () => {
    closed = true;
    throw new Error('nobody hears of this');
  });
  await setImmediate();
  expect(closed).toBe(true);
});
