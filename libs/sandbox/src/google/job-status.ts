import type { FastifyInstance } from 'fastify';
import type { NetworkContext } from '../network-plugin.js';
import type { JobEnd } from '../words.js';
import { invalidArgument } from './errors.js';

const STATUS: Record<JobEnd, string> = {
  success: 'SUCCESS',
  partial: 'PARTIAL_SUCCESS',
  failed: 'FAILED',
  never: 'PROCESSING',
};

/** The state of a request per destination; 64-bit counts are strings, as proto JSON writes them. */
export function jobStatusRoute(app: FastifyInstance, at: NetworkContext): void {
  app.get<{ Querystring: { requestId?: string } }>(
    '/v1/requestStatus::retrieve',
    { config: { op: 'poll' } },
    async (request, reply) => {
      const jobs = at.world.jobs('google', request.query.requestId ?? '');
      if (jobs.length === 0) return reply.refuse(invalidArgument('INVALID_REQUEST_ID'));
      at.journal.append({
        kind: 'request',
        at: at.clock(),
        network: 'google',
        op: 'poll',
        outcome: 'answered',
      });
      const requestStatusPerDestination = jobs.map((job) => {
        const counts = {
          recordCount: String(job.persons),
          userIdentifierCount: String(job.identifiers),
        };
        const failed = job.persons - job.takes;
        return {
          destination: { productDestinationId: job.list },
          requestStatus: job.ended ? STATUS[job.end] : 'PROCESSING',
          ...(job.ended && failed > 0
            ? {
                errorInfo: {
                  errorCounts: [
                    {
                      recordCount: String(failed),
                      reason: 'PROCESSING_ERROR_REASON_INTERNAL_ERROR',
                    },
                  ],
                },
              }
            : {}),
          ...(job.op === 'add'
            ? {
                audienceMembersIngestionStatus: {
                  userDataIngestionStatus: {
                    ...counts,
                    uploadMatchRateRange: 'MATCH_RATE_RANGE_UNKNOWN',
                  },
                },
              }
            : { audienceMembersRemovalStatus: { userDataRemovalStatus: counts } }),
        };
      });
      return reply.answer({ requestStatusPerDestination });
    },
  );
}
