import { describe, expect, it } from 'vitest';
import { remembered } from './remembered.js';

/** A source of numbers, whose every reading takes as long as it is told to. */
function counted(everyMs: number, takesMs = 0) {
  const state = { now: 1_000, reads: 0, fails: false };
  const get = remembered(
    async () => {
      state.reads += 1;
      state.now += takesMs;
      await Promise.resolve();
      if (state.fails) throw new Error('away');
      return state.reads;
    },
    { everyMs, clock: () => state.now },
  );
  return { state, get };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('what is remembered', () => {
  it('is read once for all who ask at a time', async () => {
    const { state, get } = counted(100);
    const answers = await Promise.all([get(), get(), get()]);
    expect(answers.map(({ value }) => value)).toEqual([1, 1, 1]);
    expect(state.reads).toBe(1);
  });

  it('is read anew after its time, and who asks does not wait for it', async () => {
    const { state, get } = counted(100);
    await get();
    state.now += 99;
    await get();
    expect(state.reads).toBe(1);
    state.now += 1;
    expect((await get()).value).toBe(1);
    await settled();
    expect((await get()).value).toBe(2);
    expect(state.reads).toBe(2);
  });

  it('is waited for where nobody has asked for long', async () => {
    const { state, get } = counted(100);
    await get();
    state.now += 201;
    expect((await get()).value).toBe(2);
  });

  it('is read the less often the longer it takes', async () => {
    const { state, get } = counted(100, 1_000);
    await get();
    state.now += 19_999;
    await get();
    await settled();
    expect(state.reads).toBe(1);
    state.now += 1;
    await get();
    await settled();
    expect(state.reads).toBe(2);
  });

  it('survives a fault with the value it has, and fails only where it has none', async () => {
    const { state, get } = counted(100);
    state.fails = true;
    await expect(get()).rejects.toThrow('away');
    state.fails = false;
    state.now += 100;
    expect((await get()).value).toBe(2);
    state.fails = true;
    state.now += 100;
    expect((await get()).value).toBe(2);
    await settled();
    expect((await get()).value).toBe(2);
  });
});
