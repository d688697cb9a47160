import * as z from 'zod';
import { PARK_REASONS, type ParkReason } from '../park-reasons.js';
import { moment, recordId, text } from '../words.js';
import { eventAnswer } from './events.js';
import { fieldFault } from './problem.js';

/** Most parked events of one answer or one replay. */
export const PARKED_LIMIT = 1000;

const reason = z.enum(Object.keys(PARK_REASONS) as [ParkReason, ...ParkReason[]]);

const publisher = z.uuid();
const after = z.uuid();

/** Most parked events that are shown one by one. */
export const PARKED_SHOWN = 100;

export const parkedQuery = z.strictObject({
  reason: reason.optional(),
  publisher: publisher.optional(),
  after: after.optional(),
  limit: z
    .string()
    .max(4)
    .regex(/^[1-9]\d{0,3}$/, { error: `1 to ${PARKED_LIMIT}` })
    .transform(Number)
    .pipe(z.int().max(PARKED_LIMIT))
    .optional(),
});
export type ParkedQuery = z.infer<typeof parkedQuery>;

export const parkedAnswer = z
  .object({
    waiting: z.array(
      z.object({ reason, events: z.int().min(1), stopsWithoutEffect: z.int().min(0) }),
    ),
    oldest: z.array(
      z.object({
        id: recordId,
        type: z.string().optional(),
        reason,
        faults: z.array(fieldFault),
        place: z.string(),
        stop: z.boolean(),
        applied: z.boolean(),
        publisher: recordId.optional(),
        arrivedAt: moment,
      }),
    ),
    next: recordId.optional(),
  })
  .meta({
    id: 'ParkedAnswer',
    description:
      'Events that wait, counted by reason, and the oldest of those that are asked for; `next`, given as `after`, continues. `stop`: it may stop something; `applied`: it took effect all the same. `publisher`: whose key it names, rightly or not. The originals lie sealed and are not shown.',
  });
export type ParkedAnswer = z.infer<typeof parkedAnswer>;

export const replayRequest = z
  .strictObject({
    ids: z.array(z.uuid()).min(1).max(PARKED_LIMIT).optional(),
    reason: reason.optional(),
    publisher: publisher.optional(),
    after: after.optional(),
    limit: z.int().min(1).max(PARKED_LIMIT).optional(),
    acceptUnauthenticated: z.boolean().optional(),
  })
  .meta({
    id: 'ReplayRequest',
    description:
      'Which parked events to try again; without ids the oldest, at most `limit` (1000). With `acceptUnauthenticated` a stop that nobody vouches for is taken in as the caller’s own act; no other event is.',
  });
export type ReplayRequest = z.infer<typeof replayRequest>;

export const replayAnswer = z
  .object({
    replayed: z.array(z.object({ id: recordId, answer: eventAnswer })),
    expired: z.array(recordId),
    next: recordId.optional(),
  })
  .meta({
    id: 'ReplayAnswer',
    description:
      'Each keeps the moment of its first arrival. What still can not be used stays parked. `expired`: of the ids that were asked for, those whose original can be read no more, since its key was destroyed after its term. `next`, given as `after`, goes on where this replay ended.',
  });
export type ReplayAnswer = z.infer<typeof replayAnswer>;

export const dismissRequest = z.strictObject({ reason: text(500) }).meta({
  id: 'DismissRequest',
  description: 'Why nothing more has to be done about it.',
});
export type DismissRequest = z.infer<typeof dismissRequest>;

export const dismissAnswer = z
  .object({ id: recordId, state: z.literal('dismissed'), dismissedBy: z.string() })
  .meta({
    id: 'DismissAnswer',
    description:
      'It waits no longer. Its original is kept until its term, and a replay that names its id still takes it.',
  });
export type DismissAnswer = z.infer<typeof dismissAnswer>;
