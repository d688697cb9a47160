import { unknown, type JobOutcome, type JobRef } from '@kyoka/connector-kit';
import { z } from 'zod';

/** 64-bit counts come as strings in proto JSON; zero comes as nothing. */
const count = z
  .union([z.string().regex(/^\d{1,15}$/), z.int().min(0)])
  .transform(Number)
  .default(0);

const counts = z.object({ recordCount: count, userIdentifierCount: count });

const statusReply = z.object({
  requestStatusPerDestination: z
    .array(
      z.object({
        destination: z.object({ productDestinationId: z.string().max(32) }).optional(),
        requestStatus: z
          .enum(['REQUEST_STATUS_UNKNOWN', 'SUCCESS', 'PROCESSING', 'FAILED', 'PARTIAL_SUCCESS'])
          .default('REQUEST_STATUS_UNKNOWN'),
        errorInfo: z
          .object({
            errorCounts: z
              .array(z.object({ recordCount: count }))
              .max(100)
              .default([]),
          })
          .optional(),
        audienceMembersIngestionStatus: z
          .object({ userDataIngestionStatus: counts.optional() })
          .optional(),
        audienceMembersRemovalStatus: z
          .object({ userDataRemovalStatus: counts.optional() })
          .optional(),
      }),
    )
    .length(1),
});

/**
 * What `requestStatus:retrieve` says about a job. Its counts are of what was *sent* in the request
 * (v1 service definition), so they prove that this is our request as we know it; that it took
 * effect is proved by `SUCCESS` without an error count. An ended job with other counts proves nothing.
 */
export function readJobStatus(body: unknown, job: JobRef): JobOutcome {
  const parsed = statusReply.safeParse(body);
  const status = parsed.data?.requestStatusPerDestination[0];
  if (!status) return unknown('reply_unreadable');
  const list = status.destination?.productDestinationId ?? job.list;
  if (list !== job.list) return unknown('reply_unreadable');

  const counted =
    job.op === 'add'
      ? status.audienceMembersIngestionStatus?.userDataIngestionStatus
      : status.audienceMembersRemovalStatus?.userDataRemovalStatus;
  const failed = (status.errorInfo?.errorCounts ?? []).reduce((sum, e) => sum + e.recordCount, 0);
  switch (status.requestStatus) {
    case 'PROCESSING':
      return { kind: 'processing' };
    case 'REQUEST_STATUS_UNKNOWN':
      return unknown('reply_unreadable');
    case 'FAILED':
      return { kind: 'failed' };
    case 'PARTIAL_SUCCESS':
      return { kind: 'done', complete: false, failed };
    case 'SUCCESS':
      return counted?.recordCount === job.persons && counted.userIdentifierCount === job.identifiers
        ? { kind: 'done', complete: failed === 0, failed }
        : unknown('counts_mismatch');
  }
}
