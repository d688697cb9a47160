import type { Identity } from '@kyoka/access';
import { KyokaError } from '@kyoka/kernel';
import type { FastifyInstance } from 'fastify';
import { setIdentity } from './identity.js';
import { accessOf } from './needs.js';
import { sendProblem } from './problems.js';

/** Tells who holds a credential; `undefined` for one that opens nothing. */
export interface Identifying {
  identify(token: string): Promise<Identity | undefined>;
}

const BEARER = /^Bearer ([A-Za-z0-9_-]{1,200})$/i;

/**
 * Lets in whoever holds a valid token with the scopes that the route needs, before a byte of the body
 * is read. Unknown paths are behind the door as well, so that nobody learns from outside which there are.
 */
export function closeDoor(server: FastifyInstance, tokens: Identifying): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    const needed = request.is404 ? [] : (accessOf(request.routeOptions.config) ?? []);
    if (needed === 'open') return;
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const identity = token === undefined ? undefined : await tokens.identify(token);
    if (identity === undefined) {
      void reply.header('www-authenticate', 'Bearer realm="kyoka"');
      return sendProblem(reply, new KyokaError('unauthenticated', 'A valid token is needed'));
    }
    const missing = needed.filter((scope) => !identity.scopes.has(scope));
    if (missing.length > 0) {
      return sendProblem(
        reply,
        new KyokaError('not_permitted', `The scope ${missing.join(' ')} is missing`, {
          faults: missing.map((scope) => ({ field: 'scope', expected: scope })),
        }),
      );
    }
    setIdentity(request, identity);
    return undefined;
  });
}
