import { timingSafeEqual } from 'node:crypto';
import type { Access, Identity } from '@kyoka/access';
import { KyokaError } from '@kyoka/kernel';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { cookieOf, SESSION_COOKIE } from './cookies.js';
import { identityOf, setIdentity } from './identity.js';
import { accessOf } from './needs.js';
import { isForReader } from './page.js';
import { sendProblem } from './problems.js';
import { isSecretPath } from './secret-path.js';

/** What the door asks: whose a credential is, and whether its quota has a request left. */
export type DoorAccess = Pick<Access, 'identify' | 'quotas'>;

const BEARER = /^Bearer ([A-Za-z0-9_-]{1,200})$/i;
const SESSION = /^[A-Za-z0-9_-]{1,200}$/;
const READING = new Set(['GET', 'HEAD']);
const SIGN_IN = '/sign-in';

const EVERYWHERE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

/**
 * Lets in whoever holds a valid token or session with the scopes that the route needs, before a byte
 * of the body is read. Unknown paths are behind the door as well, so that nobody learns from outside
 * which there are. A browser without a session is shown where to sign in, if that is in this process.
 */
export function closeDoor(server: FastifyInstance, access: DoorAccess): void {
  server.addHook('onRequest', async (request, reply) => {
    void reply.headers(EVERYWHERE);
    const needed = request.is404 ? [] : (accessOf(request.routeOptions.config) ?? []);
    if (needed === 'open') return undefined;
    const identity = await callerOf(request, access);
    if (identity === undefined) return refuse(request, reply);
    const wait = await access.quotas.take(identity);
    if (wait !== undefined) {
      void reply.header('retry-after', String(wait));
      return sendProblem(reply, new KyokaError('quota_exceeded', 'The quota is used up'));
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
  // Only now is there a body that may hold it.
  server.addHook('preHandler', async (request, reply) => {
    const csrf = identityOf(request)?.csrf;
    if (csrf === undefined || READING.has(request.method) || broughtAlong(request, csrf)) {
      return undefined;
    }
    return sendProblem(
      reply,
      new KyokaError('not_permitted', 'The form is not one of this session', {
        faults: [{ field: 'csrf', expected: 'the token of the session' }],
      }),
    );
  });
}

/** A token in the header comes first: it is never sent by a browser of its own accord. */
async function callerOf(
  { headers }: FastifyRequest,
  access: DoorAccess,
): Promise<Identity | undefined> {
  if (headers.authorization !== undefined) {
    const token = BEARER.exec(headers.authorization)?.[1];
    return token === undefined ? undefined : access.identify('token', token);
  }
  const session = cookieOf(headers.cookie, SESSION_COOKIE);
  return session !== undefined && SESSION.test(session)
    ? access.identify('session', session)
    : undefined;
}

function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { method, url } = request;
  if (isSecretPath(url)) {
    return sendProblem(reply, new KyokaError('not_found', 'There is no such path'));
  }
  const signsIn = request.server.hasRoute({ method: 'GET', url: SIGN_IN });
  if (signsIn && READING.has(method) && isForReader(request)) {
    return reply.redirect(`${SIGN_IN}?to=${encodeURIComponent(url)}`, 303);
  }
  void reply.header('www-authenticate', 'Bearer realm="kyoka"');
  return sendProblem(reply, new KyokaError('unauthenticated', 'A valid token is needed'));
}

/** Another site can make a browser send the cookie with a form, but can't read what the form must hold. */
function broughtAlong({ headers, body }: FastifyRequest, csrf: string): boolean {
  const given =
    body instanceof URLSearchParams ? body.get('csrf') : (headers['x-csrf-token'] ?? null);
  if (typeof given !== 'string') return false;
  const [one, other] = [Buffer.from(given), Buffer.from(csrf)];
  return one.length === other.length && timingSafeEqual(one, other);
}
