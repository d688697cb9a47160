import * as z from 'zod';
import { PARK_REASONS, type ParkReason } from '../park-reasons.js';
import { moment, recordId } from '../words.js';
import { eventAnswer } from './events.js';
import { fieldFault } from './problem.js';

/** Most parked events of one answer or one replay. */
export const PARKED_LIMIT = 1000;

const reason = z.enum(Object.keys(PARK_REASONS) as [ParkReason, ...ParkReason[]]);

export const parkedAnswer = z
  .object({
    waiting: z.array(z.object({ reason, events: z.int().min(1) })),
    oldest: z.array(
      z.object({
        id: recordId,
        type: z.string().optional(),
        reason,
        faults: z.array(fieldFault),
        place: z.string(),
        applied: z.boolean(),
        arrivedAt: moment,
      }),
    ),
  })
  .meta({
    id: 'ParkedAnswer',
    description:
      'Events that wait, counted by reason, and the oldest of them. `applied`: a stop that took effect all the same. The originals lie sealed and are not shown.',
  });
export type ParkedAnswer = z.infer<typeof parkedAnswer>;

export const replayRequest = z
  .strictObject({
    ids: z.array(z.uuid()).min(1).max(PARKED_LIMIT).optional(),
    reason: reason.optional(),
    limit: z.int().min(1).max(PARKED_LIMIT).optional(),
  })
  .meta({
    id: 'ReplayRequest',
    description:
      'Which parked events to try again; without ids the oldest, at most `limit` (1000).',
  });
export type ReplayRequest = z.infer<typeof replayRequest>;

export const replayAnswer = z
  .object({
    replayed: z.array(z.object({ id: recordId, answer: eventAnswer })),
    expired: z.array(recordId),
  })
  .meta({
    id: 'ReplayAnswer',
    description:
      'Each keeps the moment of its first arrival. What still can not be used stays parked. `expired`: of the ids that were asked for, those whose original can be read no more, since its key was destroyed after its term.',
  });
export type ReplayAnswer = z.infer<typeof replayAnswer>;
