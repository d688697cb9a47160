import { KyokaError } from '@kyoka/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { edgeWithoutStores, CANARY, ID, SATO } from './edge-without-stores.js';

const { ask, played, reset, close } = await edgeWithoutStores();
beforeEach(reset);
afterAll(close);

describe('faults', () => {
  const thrown: [why: string, fault: unknown, status: number, code: string, told: boolean][] = [
    [
      'a lost database',
      new KyokaError('database_unavailable', 'gone'),
      503,
      'database_unavailable',
      true,
    ],
    ['a conflict', new KyokaError('conflict', 'done already'), 409, 'conflict', false],
    [
      'an act that is not allowed',
      new KyokaError('not_permitted', 'another owner'),
      403,
      'not_permitted',
      false,
    ],
    ['a broken seal', new KyokaError('seal_broken', CANARY), 500, 'internal', true],
    ['a foreign error', new Error(CANARY), 500, 'internal', true],
    [
      'a driver’s error',
      Object.assign(new Error(CANARY), { code: '22P02', detail: CANARY }),
      500,
      'internal',
      true,
    ],
    ['something that is no error', CANARY, 500, 'internal', true],
  ];

  it.each(thrown)('%s', async (_why, fault, status, code, told) => {
    played.failure = fault;
    const reply = await ask(`/v1/subjects/${ID}`);
    expect([reply.status, reply.json()['code']]).toEqual([status, code]);
    expect(reply.text).not.toContain(CANARY);
    expect(played.faults.length > 0).toBe(told);
    expect(reply.headers['retry-after']).toBe(status === 503 ? '5' : undefined);
  });
});

describe('who acts', () => {
  it('is the owner of the token, whatever the body claims', async () => {
    await ask('/v1/freezes', {
      body: { scope: { purposes: ['*'], channels: ['*'] }, reason: 'leak', actor: 'user:else' },
    });
    expect(played.calls).toEqual([
      {
        name: 'freezes.set',
        given: [{ scope: { purposes: ['*'], channels: ['*'] }, reason: 'leak' }, SATO],
      },
    ]);
  });
});
