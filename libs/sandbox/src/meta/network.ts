import { MINUTE } from '@kyoka/kernel';
import type { FastifyInstance } from 'fastify';
import { expectedAppSecretProof, SANDBOX_CREDENTIALS } from '../credentials.js';
import { digested, guardNetwork, injected, type NetworkContext } from '../network-plugin.js';
import { Quota } from '../quota.js';
import { audienceRoutes, isFlagged } from './audiences.js';
import { invalidParameter, metaError } from './errors.js';
import { readRows, usersBody } from './rows.js';

const UPLOAD_BLOCKED = metaError(100, 'Invalid parameter', { subcode: 1713230 });
const SESSION_FINISHED = metaError(2650, 'Session finished', { subcode: 1870159 });
const NO_AUDIENCE = metaError(1487366, 'Audience deleted');
const MAX_SAMPLES = 100;

/** Meta's Marketing API v25.0, as far as customer file audiences go. */
export function metaNetwork(app: FastifyInstance, at: NetworkContext): void {
  const quota = new Quota(at.clock, [{ requests: 190_000, perMs: 60 * MINUTE }]);
  const finished = new Set<number>();
  guardNetwork(app, at, {
    network: 'meta',
    serverError: metaError(2, 'Service temporarily unavailable', { status: 500 }),
    rateLimited: metaError(80003, 'Too many calls to this ad account', { status: 429 }),
    authenticate: ({ headers, query }) =>
      headers.authorization === `Bearer ${SANDBOX_CREDENTIALS.meta.token}` &&
      (query as { appsecret_proof?: string }).appsecret_proof === expectedAppSecretProof()
        ? undefined
        : metaError(190, 'Invalid OAuth access token', { subcode: 467, status: 401 }),
    withinQuota: () => quota.take(),
  });
  audienceRoutes(app, at);

  const routes = [
    ['add', 'POST'],
    ['remove', 'DELETE'],
  ] as const;
  for (const [op, method] of routes) {
    app.route<{ Params: { audience: string } }>({
      method,
      url: '/v25.0/:audience/users',
      config: { op },
      handler: async (request, reply) => {
        const fault = injected(request);
        const { audience } = request.params;
        const list = at.world.list('meta', audience);
        if (!list) return reply.refuse(NO_AUDIENCE);
        if (isFlagged(list.name)) return reply.refuse(UPLOAD_BLOCKED);
        const body = usersBody.safeParse(request.body);
        if (!body.success) return reply.refuse(invalidParameter);
        const { payload, session } = body.data;
        if (finished.has(session.session_id)) return reply.refuse(SESSION_FINISHED);
        if (session.last_batch_flag) finished.add(session.session_id);

        const bad = fault?.kind === 'bad_record' ? (fault.index ?? 0) : undefined;
        const { taken, invalid } = readRows(payload, bad);
        const [job] = at.world.accept({
          network: 'meta',
          op,
          lists: [audience],
          members: digested(taken, at.digestKey),
          fault,
        });
        return reply.answer({
          audience_id: audience,
          session_id: String(session.session_id),
          num_received: (job?.persons ?? 0) + invalid.length,
          num_invalid_entries: invalid.length,
          // The real one sends an array or a map, with the values in it.
          invalid_entry_samples: Object.fromEntries(
            invalid.slice(0, MAX_SAMPLES).map((row) => [row.join(','), row]),
          ),
        });
      },
    });
  }
}
