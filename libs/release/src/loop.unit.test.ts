import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Loop } from './loop.js';

const NEVER_MS = 2 ** 30;

/** A step that does what the test tells it to, one call after another. */
function told(...answers: (boolean | Error)[]) {
  const calls = { count: 0 };
  const step = async () => {
    calls.count += 1;
    const answer = answers.shift() ?? false;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { calls, step };
}

async function turns(): Promise<void> {
  for (let left = 20; left > 0; left -= 1) await turn();
}

describe('a loop', () => {
  it('repeats its step while there is work, then sleeps', async () => {
    const { calls, step } = told(true, true, false);
    const loop = new Loop(step, NEVER_MS, () => undefined);
    loop.start();
    await turns();
    expect(calls.count).toBe(3);
    await loop.stop();
    expect(calls.count).toBe(3);
  });

  it('looks again when it is woken, also in the middle of a step', async () => {
    const { calls, step } = told();
    const loop = new Loop(
      async () => {
        if (calls.count === 1) loop.wake();
        return step();
      },
      NEVER_MS,
      () => undefined,
    );
    loop.start();
    await turns();
    expect(calls.count).toBe(1);
    loop.wake();
    await turns();
    expect(calls.count).toBe(3);
    await loop.stop();
  });

  it('reports a fault and sleeps', async () => {
    const fault = new Error('no database');
    const { calls, step } = told(fault, true);
    const faults: unknown[] = [];
    const loop = new Loop(step, NEVER_MS, (one) => void faults.push(one));
    loop.start();
    await turns();
    expect([calls.count, faults]).toEqual([1, [fault]]);
    loop.wake();
    await turns();
    expect(calls.count).toBe(3);
    await loop.stop();
  });

  it('ends the step it is in before it has stopped', async () => {
    const gate = Promise.withResolvers<void>();
    let ended = false;
    const loop = new Loop(
      async () => {
        await gate.promise;
        ended = true;
        return true;
      },
      NEVER_MS,
      () => undefined,
    );
    loop.start();
    await turns();
    const stopping = loop.stop();
    gate.resolve();
    await stopping;
    expect(ended).toBe(true);
  });
});
