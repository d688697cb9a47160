import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { edgeWithoutStores, BATCH, CANARY, EVENT, EVENTS, ID } from './edge-without-stores.js';

const { ask, played, reset, close } = await edgeWithoutStores();
beforeEach(reset);
afterAll(close);

describe('POST /v1/events', () => {
  it('hands one event on as canonical bytes, vouched for by the token', async () => {
    const reply = await ask('/v1/events', { body: EVENT, type: EVENTS });
    expect([reply.status, reply.json()]).toEqual([202, { outcome: 'accepted' }]);
    const { data, ...attributes } = EVENT;
    expect(played.taken).toEqual([
      {
        attributes,
        data: new TextEncoder().encode('{"a":1,"b":2}'),
        place: 'http',
        by: { kind: 'token', plaintext: true, owner: 'user:sato' },
      },
    ]);
    expect(data).toBeDefined();
  });

  it('answers a refused event with 400 and its fields, and a parked stop with 202', async () => {
    played.answerAll = {
      outcome: 'refused',
      faults: [{ field: 'data.order.at', expected: 'string' }],
    };
    const refused = await ask('/v1/events', { body: EVENT, type: EVENTS });
    expect(refused.status).toBe(400);
    expect(refused.json()['faults']).toEqual(played.answerAll.faults);
    played.answerAll = { outcome: 'parked', reason: 'malformed', stopActIds: [ID] };
    const parked = await ask('/v1/events', { body: EVENT, type: EVENTS });
    expect([parked.status, parked.json()]).toEqual([
      202,
      { outcome: 'parked', reason: 'malformed' },
    ]);
  });

  it('answers a batch event by event, in order, the unreadable among them', async () => {
    const reply = await ask('/v1/events', {
      body: [EVENT, CANARY, { ...EVENT, id: 'e-2' }],
      type: BATCH,
    });
    expect(reply.status).toBe(202);
    expect(reply.json()).toEqual({
      results: [
        { outcome: 'accepted' },
        { outcome: 'refused', faults: [{ field: '', expected: expect.any(String) as string }] },
        { outcome: 'accepted' },
      ],
    });
    expect(played.taken.map(({ attributes }) => attributes['id'])).toEqual(['e-1', 'e-2']);
  });

  it('still reads a stop out of what is not quite a CloudEvent', async () => {
    const stop = { ...EVENT, sequence: 7, extension: { a: 1 }, data: { note: '\ud800' } };
    await ask('/v1/events', { body: stop, type: EVENTS });
    expect(played.taken[0]?.attributes).toMatchObject({ id: 'e-1', sequence: '7' });
    expect(JSON.parse(String(played.taken[0]?.data && Buffer.from(played.taken[0].data)))).toEqual(
      stop.data,
    );
  });
});
