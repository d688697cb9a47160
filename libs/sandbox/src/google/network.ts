import type { FastifyInstance } from 'fastify';
import { DAY, MINUTE } from '@kyoka/kernel';
import { SANDBOX_CREDENTIALS } from '../credentials.js';
import { digested, guardNetwork, injected, type NetworkContext } from '../network-plugin.js';
import { Quota } from '../quota.js';
import { googleError, invalidArgument } from './errors.js';
import { jobStatusRoute } from './job-status.js';
import { BODIES, checkMembers, isGranted, matchKeysOf } from './members.js';
import { userListRoutes } from './user-lists.js';

/** Google's Data Manager API v1, as far as audiences of contact data go. */
export function googleNetwork(app: FastifyInstance, at: NetworkContext): void {
  // Both count apart (devguides/limits).
  const ingestion = new Quota(at.clock, [
    { requests: 300, perMs: MINUTE },
    { requests: 100_000, perMs: DAY },
  ]);
  const other = new Quota(at.clock, [
    { requests: 300, perMs: MINUTE },
    { requests: 50_000, perMs: DAY },
  ]);
  guardNetwork(app, at, {
    network: 'google',
    serverError: googleError(500, 'INTERNAL', 'INTERNAL_ERROR'),
    rateLimited: googleError(429, 'RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'),
    authenticate: ({ headers }) =>
      headers.authorization === `Bearer ${SANDBOX_CREDENTIALS.google.token}`
        ? undefined
        : googleError(401, 'UNAUTHENTICATED', 'ACCESS_TOKEN_EXPIRED'),
    withinQuota: (op) => (op === 'add' || op === 'remove' ? ingestion : other).take(),
  });
  userListRoutes(app, at);
  jobStatusRoute(app, at);

  const routes = [
    ['add', '/v1/audienceMembers::ingest'],
    ['remove', '/v1/audienceMembers::remove'],
  ] as const;
  for (const [op, path] of routes) {
    app.post(path, { config: { op } }, async (request, reply) => {
      const fault = injected(request);
      const parsed = BODIES[op].safeParse(request.body);
      if (!parsed.success) return reply.refuse(invalidArgument('INVALID_ARGUMENT'));
      const body = parsed.data;
      if (body.termsOfService?.customerMatchTermsOfServiceStatus === 'REJECTED') {
        return reply.refuse(
          googleError(403, 'PERMISSION_DENIED', 'TERMS_AND_CONDITIONS_NOT_SIGNED'),
        );
      }
      for (const { operatingAccount, productDestinationId } of body.destinations) {
        const list = at.world.list('google', productDestinationId);
        if (list?.account !== operatingAccount.accountId) {
          return reply.refuse(invalidArgument('INVALID_USER_LIST_ID'));
        }
      }
      const refused = checkMembers(
        body,
        fault?.kind === 'bad_record' ? (fault.index ?? 0) : undefined,
      );
      if (refused) return reply.refuse(refused);

      const [job] = at.world.accept({
        network: 'google',
        op,
        lists: body.destinations.map((each) => each.productDestinationId),
        members: digested(matchKeysOf(body), at.digestKey),
        fault,
        end: op === 'remove' || isGranted(body) ? 'success' : 'failed',
      });
      return reply.answer({ requestId: job?.id });
    });
  }
}
