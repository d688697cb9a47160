import { problem } from '@kyoka/contracts';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { edgeWithoutStores, EVENTS, ID } from './edge-without-stores.js';

const { ask, played, reset, close } = await edgeWithoutStores();
beforeEach(reset);
afterAll(close);

describe('the door', () => {
  const behind = [
    ['GET', `/v1/subjects/${ID}`],
    ['POST', '/v1/events'],
    ['POST', '/v1/decisions'],
    ['POST', '/v1/decisions:batch'],
    ['POST', '/v1/suspensions'],
    ['POST', '/v1/audiences'],
    ['GET', '/v1/parked'],
    ['GET', '/openapi.json'],
    ['GET', '/no/such/path'],
    ['GET', '/health/live/'],
    ['GET', '/'],
  ] as const;

  it.each(behind)('%s %s is closed without a token, and with a wrong one', async (method, path) => {
    for (const token of [null, 'kyoka_wrong', '', 'x'.repeat(300)]) {
      const reply = await ask(path, { method, token, ...(method === 'POST' && { body: {} }) });
      expect(reply.status).toBe(401);
      expect(reply.headers['www-authenticate']).toContain('Bearer');
      expect(problem.parse(reply.json())).toMatchObject({ code: 'unauthenticated', status: 401 });
    }
    expect(played.calls).toEqual([]);
  });

  it('does not read a body before it knows who sends it', async () => {
    const reply = await ask('/v1/events', { token: null, body: '{', type: EVENTS });
    expect(reply.status).toBe(401);
  });

  it('lets everybody ask for health', async () => {
    expect((await ask('/health/live', { token: null })).json()).toEqual({
      status: 'ok',
      checks: {},
    });
    expect((await ask('/health/ready', { token: null })).status).toBe(200);
    played.healthy = false;
    const unready = await ask('/health/ready', { token: null });
    expect(unready.status).toBe(503);
    expect(unready.json()).toEqual({ status: 'unavailable', checks: { database: 'unavailable' } });
    expect((await ask('/health/live', { token: null })).status).toBe(200);
  });
});
