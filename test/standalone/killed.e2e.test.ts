import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  databaseProcess,
  installation,
  type Installation,
  type Running,
  SERVING,
} from './process.js';
import { atTheTimeOf, type PrintedSummary, summaryOf } from './summary.js';

const PEOPLE = 300;
const SAMPLE = { KYOKA_SAMPLE_PEOPLE: String(PEOPLE) };

/** Kills at these parts of the time that an undisturbed first run takes, one start after another. */
const MOMENTS = [0.05, 0.15, 0.3, 0.3, 0.25, 0.4];

/** What must not depend on how often a start was killed. */
const lasting = ({ events, people, audiences, suspensions }: PrintedSummary) => {
  const { duplicate, ...others } = events;
  return {
    events: others,
    repeated: duplicate !== undefined,
    people,
    audiences: audiences.map(({ recipient, segment, refused, held }) => ({
      recipient,
      segment,
      refused,
      held,
    })),
    suspensions,
  };
};

describe('a first start that is killed', () => {
  const places: Installation[] = [];
  let undisturbed: PrintedSummary;
  let tookMs: number;

  const place = async (): Promise<Installation> => {
    const made = await installation(SAMPLE);
    places.push(made);
    return made;
  };

  beforeAll(async () => {
    const started = performance.now();
    const running = (await place()).start();
    await running.says(SERVING);
    tookMs = performance.now() - started;
    undisturbed = summaryOf(running.output());
    running.signal('SIGINT');
    expect(await running.ended).toBe(0);
  });
  afterAll(() => Promise.all(places.map((one) => one.remove())));

  it('is taken up by the next, wherever it was, and comes to the same', async () => {
    const { start, folder } = await place();
    const started: Running[] = [];
    for (const moment of MOMENTS) {
      const running = start();
      started.push(running);
      await sleep(tookMs * moment);
      running.signal('SIGKILL');
      await running.ended;
    }
    const last = start();
    await last.says(SERVING);
    // On a machine that grows quicker meanwhile, a start may have come to its end before it was killed.
    expect([...started, last].map((one) => one.output()).join('')).toContain('KYOKA_TOKEN=');
    const summary = atTheTimeOf(undisturbed, summaryOf(last.output()), PEOPLE);
    expect(lasting(summary)).toEqual(lasting(undisturbed));
    last.signal('SIGTERM');
    expect(await last.ended).toBe(0);
    expect(await databaseProcess(folder)).toBeUndefined();
  });

  it('ends by itself when its database is killed, and the next start recovers it', async () => {
    const { start, folder } = await place();
    const running = start();
    await running.says(SERVING);
    process.kill((await databaseProcess(folder)) ?? 0, 'SIGKILL');
    expect(await running.ended).toBe(1);
    expect(running.output()).toContain('the database ended');

    const again = start();
    await again.says(SERVING);
    const summary = atTheTimeOf(undisturbed, summaryOf(again.output()), PEOPLE);
    expect(lasting(summary)).toEqual(lasting(undisturbed));
    again.signal('SIGTERM');
    expect(await again.ended).toBe(0);
  });
});
