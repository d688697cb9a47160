import { cadenceSchema } from '@kyoka/audience';
import { REASON_CODES } from '@kyoka/decision';
import * as z from 'zod';
import { day, moment, name, policyVersion, recordId, text } from '../words.js';
import { segment } from './segment.js';

/** Period and named users of a use; days in Asia/Tokyo, both ends included. */
export const periodOfUse = z
  .strictObject({
    from: day,
    to: day,
    users: z.array(text(128)).min(1).max(50),
  })
  .refine((use) => use.from <= use.to, { path: ['to'], error: 'a day not before from' })
  .meta({
    id: 'PeriodOfUse',
    description: 'Days in Asia/Tokyo, both ends included; users or roles such as user:sato.',
  });

/** Unknown fields are refused: a restriction that is not understood must not be dropped. */
export const audienceRequest = z
  .strictObject({
    name: text(128),
    recipient: name,
    purpose: name,
    policy: policyVersion,
    segment,
    use: periodOfUse,
    cadence: cadenceSchema.optional(),
  })
  .meta({
    id: 'AudienceRequest',
    description:
      'A segment for one recipient, one purpose, one period of use. With a cadence it also runs by itself, for who defines it, whom the use has to name.',
  });
export type AudienceRequest = z.infer<typeof audienceRequest>;

/** An end takes no body. */
export const endAudienceRequest = z.strictObject({});

export const endedAudienceAnswer = z
  .object({ id: recordId, endedBy: z.string(), endedAt: moment })
  .meta({
    id: 'EndedAudienceAnswer',
    description:
      'Nothing is added any more, and every member is taken out of the network’s list. `endedBy` is `period` where the period of use was over.',
  });
export type EndedAudienceAnswer = z.infer<typeof endedAudienceAnswer>;

/** A run takes no body: a limit that somebody thinks it has must not be dropped. */
export const runRequest = z.strictObject({});

export const audienceAnswer = z
  .object({
    id: recordId,
    name: z.string(),
    recipient: z.string(),
    purpose: z.string(),
    policy: z.string(),
    segment,
    use: z.object({ from: day, to: day, users: z.array(z.string()) }),
    cadence: z.string().optional(),
    nextRunAt: moment.optional(),
    runRefused: z
      .object({
        reason: z.enum(['owner_not_named', 'owner_without_right', 'list_elsewhere']),
        at: moment,
      })
      .optional(),
    createdBy: z.string(),
    createdAt: moment,
    endedAt: moment.optional(),
  })
  .meta({
    id: 'AudienceAnswer',
    description: '`runRefused`: why the cadence did not run it at its last turn.',
  });
export type AudienceAnswer = z.infer<typeof audienceAnswer>;

const people = z.int().min(0);

export const waterfall = z
  .object({
    segment: people,
    minus: z.array(z.object({ code: z.enum(REASON_CODES), people, withAny: people })),
    permitted: people,
    unchanged: people,
    toAdd: people,
    toRemove: people,
    stoppedAtGate: people,
    sent: people,
    accepted: people,
    refusedByNetwork: people,
    unknown: people,
  })
  .meta({
    id: 'Waterfall',
    description:
      'In people. `segment` less the sum of `minus[].people` is `permitted`: each refused person counts once, at their first reason; `withAny` counts everybody whom the reason applies to. `unknown` are adds without a trustworthy answer; they count as held.',
  });

export const runAnswer = z
  .object({
    id: recordId,
    audience: recordId,
    state: z.enum(['building', 'sending', 'settling', 'finished', 'stopped']),
    startedBy: z.string(),
    scheduled: z.boolean(),
    startedAt: moment,
    finishedAt: moment.optional(),
    waterfall,
  })
  .meta({
    id: 'RunAnswer',
    description:
      '`settling`: everything was sent, the network has not told the outcome of all of it. `scheduled`: its cadence started it, for its owner.',
  });
export type RunAnswer = z.infer<typeof runAnswer>;
