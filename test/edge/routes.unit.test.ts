import { OPERATIONS } from '@kyoka/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { edgeWithoutStores } from './edge-without-stores.js';

const { ask, played, close } = await edgeWithoutStores();
afterAll(close);

/** The documents themselves are no operations of theirs. */
const DOCUMENTS = ['GET /openapi.json', 'GET /asyncapi.json'];
/** Nor are pages. */
const PAGES = [
  'GET /assets/:name',
  'GET /sign-in',
  'GET /sign-in/start',
  'GET /sign-in/callback',
  'GET /sign-in/once/:secret',
  'POST /sign-in/once/:secret',
  'POST /sign-out',
];

/** Text, for Prometheus. */
const METRICS = 'GET /metrics';

/** `/v1/parked:replay` and `/v1/subjects/{id}` as the router writes them. */
const routed = (path: string) => path.replaceAll(':', '::').replaceAll(/\{(\w+)\}/g, ':$1');

describe('the routes of the server', () => {
  it('are those of OpenAPI, every one and no other', () => {
    const documented = OPERATIONS.map(
      ({ method, path }) => `${method.toUpperCase()} ${routed(path)}`,
    );
    const served = played.routes.filter((route) => !route.startsWith('HEAD '));
    expect([...new Set(served)].sort()).toEqual(
      [...documented, ...DOCUMENTS, ...PAGES, METRICS].sort(),
    );
  });

  it('need the scopes that OpenAPI tells', () => {
    for (const operation of OPERATIONS) {
      const needs = 'open' in operation ? 'open' : 'needs' in operation ? operation.needs : [];
      const route = `${operation.method.toUpperCase()} ${routed(operation.path)}`;
      expect([route, played.needs.get(route)]).toEqual([route, needs]);
    }
  });

  it('answer HEAD only where they answer GET', () => {
    const heads = played.routes.filter((route) => route.startsWith('HEAD '));
    for (const head of heads) expect(played.routes).toContain(head.replace('HEAD', 'GET'));
  });

  it.each(OPERATIONS.filter((operation) => !('open' in operation)))(
    '$method $path is closed without a token',
    async ({ method, path }) => {
      const url = path.replaceAll(/\{\w+\}/g, 'x');
      const body = method === 'post' ? { body: {} } : {};
      for (const token of [null, 'kyoka_wrong']) {
        expect((await ask(url, { ...body, token })).status).toBe(401);
      }
      expect(played.calls).toEqual([]);
      expect(played.taken).toEqual([]);
    },
  );

  it.each(DOCUMENTS)('%s is closed too, and readable with a token', async (route) => {
    const path = route.replace('GET ', '');
    expect((await ask(path, { token: null })).status).toBe(401);
    expect((await ask(path)).json()).toHaveProperty('info.title');
  });

  it('metrics are closed without the scope, and hold no path and no id of a request', async () => {
    expect((await ask('/metrics', { token: null })).status).toBe(401);
    await ask('/v1/subjects/canary-09012345678');
    const { status, text } = await ask('/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(
      /kyoka_http_request_seconds_count\{method="GET",route="\/v1\/subjects\/:id",status="\w+"/,
    );
    expect(text).toMatch(/kyoka_door_refusals_total\{status="401"[^}]*\} [1-9]/);
    expect(text).not.toContain('canary');
  });
});
