import * as z from 'zod';
import { EVENT_TYPES, type EventType } from '../events/types.js';
import { dayOrTerm, LIST_LIMIT, moment, name, recordId, reference, text } from '../words.js';

const types = EVENT_TYPES as unknown as [EventType, ...EventType[]];

export const publisherRequest = z
  .strictObject({
    name: reference(100),
    sources: z.array(name).min(1).max(LIST_LIMIT),
    types: z.array(z.enum(types)).min(1).max(types.length),
    until: dayOrTerm,
  })
  .meta({
    id: 'PublisherRequest',
    description:
      'Who may publish which events. `until` is the last day, in Asia/Tokyo. None of it can be changed later: another grant is another publisher.',
  });
export type PublisherRequest = z.infer<typeof publisherRequest>;

export const rotatePublisherRequest = z.strictObject({ overlapUntil: moment.optional() }).meta({
  id: 'RotatePublisherRequest',
  description: 'How long the earlier keys are taken beside the new one; absent: no longer.',
});
export type RotatePublisherRequest = z.infer<typeof rotatePublisherRequest>;

export const revokePublisherRequest = z
  .strictObject({ reason: text(500) })
  .meta({ id: 'RevokePublisherRequest' });
export type RevokePublisherRequest = z.infer<typeof revokePublisherRequest>;

export const publisherAnswer = z
  .object({
    id: recordId,
    name: z.string(),
    sources: z.array(z.string()),
    types: z.array(z.string()),
    validUntil: moment,
    registeredAt: moment,
    registeredBy: z.string(),
    revokedAt: moment.optional(),
    revokedBy: z.string().optional(),
    revokeReason: z.string().optional(),
    keys: z.array(
      z.object({ kid: z.string(), createdAt: moment, createdBy: z.string(), endsAt: moment }),
    ),
  })
  .meta({
    id: 'PublisherAnswer',
    description:
      'A publisher and its keys, without what is secret. An event counts under a key if it first arrived before `endsAt`, however late it is read or sent again.',
  });
export type PublisherAnswer = z.infer<typeof publisherAnswer>;

export const publisherKeyAnswer = z
  .object({ publisher: publisherAnswer, kid: z.string(), key: z.string().max(43) })
  .meta({
    id: 'PublisherKeyAnswer',
    description:
      'A new key: 32 random bytes as base64url, shown this once. Its MAC and sealing keys are derived from it.',
  });
export type PublisherKeyAnswer = z.infer<typeof publisherKeyAnswer>;

export const publishersAnswer = z
  .object({ publishers: z.array(publisherAnswer) })
  .meta({ id: 'PublishersAnswer', description: 'In the order of their registration.' });
export type PublishersAnswer = z.infer<typeof publishersAnswer>;
