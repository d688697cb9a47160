import { EVENT_OUTCOMES } from '@kyoka/kernel';
import * as z from 'zod';
import { cloudEventAttributes } from '../events/cloud-event.js';
import { EVENT_DATA } from '../events/schemas.js';
import { PARK_REASONS, type ParkReason } from '../park-reasons.js';
import { fieldFault } from './problem.js';

/** Most events in one HTTP batch. */
export const EVENT_BATCH_LIMIT = 1000;

/** CloudEvents structured mode, media type `application/cloudevents+json`. Checked event by event with `parseEvent`. */
export const cloudEvent = z
  .object({ ...cloudEventAttributes.shape, data: z.union(Object.values(EVENT_DATA)) })
  .meta({
    id: 'CloudEvent',
    description: 'A CloudEvent 1.0; the schema of `data` follows from `type`.',
  });

export const cloudEventBatch = z.array(cloudEvent).max(EVENT_BATCH_LIMIT).meta({
  id: 'CloudEventBatch',
  description: 'CloudEvents batch, media type `application/cloudevents-batch+json`.',
});

const reasons = Object.keys(PARK_REASONS) as [ParkReason, ...ParkReason[]];

export const eventAnswer = z
  .object({
    outcome: z.enum(EVENT_OUTCOMES),
    reason: z.enum(reasons).optional(),
    faults: z.array(fieldFault).optional(),
  })
  .meta({
    id: 'EventAnswer',
    description:
      '`accepted`, `duplicate`, `skipped` (unknown type), `parked` (kept, with the reason) or `refused` (not kept, with the fields). Durable before it is given.',
  });
export type EventAnswer = z.infer<typeof eventAnswer>;

export const eventBatchAnswer = z.object({ results: z.array(eventAnswer) }).meta({
  id: 'EventBatchAnswer',
  description: 'One answer per event, in the order of the events.',
});
export type EventBatchAnswer = z.infer<typeof eventBatchAnswer>;
