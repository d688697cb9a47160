import { KyokaError } from '@kyoka/kernel';
import type { FastifyInstance } from 'fastify';
import type { AccessTokens } from '../tokens/access-tokens.js';
import { setIdentity } from './identity.js';
import { sendProblem } from './problems.js';

const BEARER = /^Bearer ([A-Za-z0-9_-]{1,200})$/i;

/** What anybody who reaches the port may ask. */
const OPEN = new Set(['/health/live', '/health/ready']);

/**
 * Lets in whoever holds a valid token, before a byte of the body is read. Unknown paths are behind
 * the door as well, so that nobody learns from outside which there are.
 */
export function closeDoor(server: FastifyInstance, tokens: AccessTokens): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
    if (OPEN.has(request.url.split('?', 1)[0] ?? '')) return;
    const token = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const identity = token === undefined ? undefined : await tokens.identify(token);
    if (identity === undefined) {
      void reply.header('www-authenticate', 'Bearer realm="kyoka"');
      return sendProblem(reply, new KyokaError('unauthenticated', 'A valid token is needed'));
    }
    setIdentity(request, identity);
    return undefined;
  });
}
