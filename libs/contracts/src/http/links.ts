import * as z from 'zod';
import { moment, recordId, scope, subjectRef, text } from '../words.js';

export const LINK_BATCH_LIMIT = 1000;

const link = {
  page: z.enum(['preferences', 'one_click']),
  scope: scope.optional(),
  sentTo: z.strictObject({ kind: z.literal('email'), value: text(320) }).optional(),
};

const onlyOneClickHasScope = {
  check: ({ page, scope: given }: { page: string; scope?: unknown }) =>
    page === 'one_click' || given === undefined,
  fault: { path: ['scope'], error: 'left out but for one_click' },
};

/** A link for one person, to be put into a message to them. */
export const linkRequest = z
  .strictObject(link)
  .refine(onlyOneClickHasScope.check, onlyOneClickHasScope.fault)
  .meta({
    id: 'LinkRequest',
    description:
      'A link to the preference page, or a one-click link (RFC 8058) that stops its `scope`: without one, every purpose by email that the person may refuse. `sentTo` is the address that the message goes to; it has to be one of the person’s.',
  });
export type LinkRequest = z.infer<typeof linkRequest>;

export const linkBatchRequest = z
  .strictObject({
    links: z
      .array(
        z
          .strictObject({
            subject: z.union([z.strictObject({ id: recordId }), subjectRef], {
              error: '{id} or {source, ref}',
            }),
            ...link,
          })
          .refine(onlyOneClickHasScope.check, onlyOneClickHasScope.fault),
      )
      .min(1)
      .max(LINK_BATCH_LIMIT),
  })
  .meta({ id: 'LinkBatchRequest', description: 'Links for a campaign, at most 1000 at a time.' });
export type LinkBatchRequest = z.infer<typeof linkBatchRequest>;

/** Shown this once: what is kept can't be turned back into it. */
export const linkAnswer = z
  .object({
    id: recordId,
    url: z.url(),
    endsAt: moment,
    headers: z
      .object({ 'List-Unsubscribe': z.string(), 'List-Unsubscribe-Post': z.string() })
      .optional(),
  })
  .meta({
    id: 'LinkAnswer',
    description:
      'The address, shown this once, and when it ends. `headers` are those of a mail that carries a one-click link; both have to be covered by its DKIM signature.',
  });
export type LinkAnswer = z.infer<typeof linkAnswer>;

export const linkBatchAnswer = z
  .object({
    links: z.array(
      z.union([linkAnswer, z.object({ refused: z.enum(['unknown_subject', 'unknown_contact']) })]),
    ),
  })
  .meta({ id: 'LinkBatchAnswer', description: 'One answer per link asked for, in their order.' });
export type LinkBatchAnswer = z.infer<typeof linkBatchAnswer>;
