import { finished } from 'node:stream';
import { count, inSpan, learnRoute, observe } from '@kyoka/telemetry';
import type { FastifyInstance } from 'fastify';

/** Statuses that tell why the door let nobody in. */
const REFUSED = new Set([401, 403, 429]);
/** Statuses that say enough to be told apart; of the others their class. */
const NAMED = new Set([400, 401, 403, 404, 405, 409, 413, 415, 429]);

/**
 * Times every request and opens a span around it, by the template of its route: its path may hold a
 * token or an id. A caller's trace is gone on with where they send one.
 */
export function watchRequests(server: FastifyInstance): void {
  server.addHook('onRoute', ({ url }) => learnRoute(url));
  server.addHook('onRequest', (request, reply, go) => {
    const begun = performance.now();
    const method = request.method;
    const route = request.routeOptions.url ?? 'none';
    const { traceparent } = request.headers;
    const from = typeof traceparent === 'string' ? [{ traceparent }] : [];
    void inSpan(
      'request',
      { method, route },
      async (span) => {
        const { promise, resolve } = Promise.withResolvers<void>();
        finished(reply.raw, () => resolve());
        go();
        await promise;
        const { statusCode } = reply.raw;
        const status = NAMED.has(statusCode)
          ? String(statusCode)
          : `${Math.floor(statusCode / 100)}xx`;
        span.say({ status });
        observe('kyoka_http_request_seconds', { method, route, status }, performance.now() - begun);
        if (REFUSED.has(statusCode)) count('kyoka_door_refusals_total', { status });
      },
      from,
    );
  });
}
