import * as z from 'zod';
import { moment, name, recordId, scope, text } from '../words.js';

/** Unknown fields are ignored here: a freeze must not fail for a field too many. */
export const freezeRequest = z
  .object({
    scope,
    recipients: z.array(name).max(50).optional(),
    sources: z.array(name).max(50).optional(),
    reason: text(500),
  })
  .meta({
    id: 'FreezeRequest',
    description:
      'The operator’s stop, for example after a leak. Without recipients or sources it covers all of them.',
  });
export type FreezeRequest = z.infer<typeof freezeRequest>;

export const freezeLiftRequest = z
  .strictObject({ reason: text(500) })
  .meta({ id: 'FreezeLiftRequest', description: 'By the role that set the freeze.' });

export const freezeAnswer = z
  .object({
    id: recordId,
    scope,
    recipients: z.array(z.string()).optional(),
    sources: z.array(z.string()).optional(),
    reason: z.string(),
    role: z.string(),
    setBy: z.string(),
    setAt: moment,
    endedBy: z.string().optional(),
    endReason: z.string().optional(),
    endedAt: moment.optional(),
  })
  .meta({ id: 'FreezeAnswer' });
export type FreezeAnswer = z.infer<typeof freezeAnswer>;

export const freezesAnswer = z
  .object({ freezes: z.array(freezeAnswer) })
  .meta({ id: 'FreezesAnswer', description: 'The freezes that stand, oldest first.' });
export type FreezesAnswer = z.infer<typeof freezesAnswer>;

const side = z.object({
  people: z.int(),
  examples: z.array(recordId).describe('subject ids'),
});

export const policyTrialRequest = z
  .strictObject({ examples: z.int().min(0).max(100).optional() })
  .meta({ id: 'PolicyTrialRequest', description: 'How many subject ids to name; absent: 5.' });
export type PolicyTrialRequest = z.infer<typeof policyTrialRequest>;

export const policyTrialAnswer = z
  .object({
    policy: z.string(),
    against: z.string().optional().describe('the version now in force; absent: none'),
    uses: z.array(
      z.object({
        purpose: z.string(),
        channel: z.string().optional(),
        recipient: z.string().optional(),
        gain: side,
        lose: side,
      }),
    ),
  })
  .meta({
    id: 'PolicyTrialAnswer',
    description:
      'Uses of own content that a version would give to people stored now, or take from them.',
  });
export type PolicyTrialAnswer = z.infer<typeof policyTrialAnswer>;

export const policiesAnswer = z
  .object({
    policies: z.array(
      z.object({
        policy: z.string(),
        title: z.string(),
        textDate: z.string().nullable(),
        textSha256: z.string().optional(),
        fileSha256: z.string().optional(),
        state: z.enum(['draft', 'requested', 'in_force', 'off']),
        inForce: z.array(
          z.object({
            from: moment,
            until: moment.optional(),
            requestedBy: z.string(),
            approvedBy: z.string(),
            endedBy: z.string().optional(),
          }),
        ),
        deployed: z
          .enum(['same', 'changed', 'missing'])
          .optional()
          .describe('how the deployed file stands to the one that went live; absent: none did'),
      }),
    ),
  })
  .meta({
    id: 'PoliciesAnswer',
    description: 'Every version that is deployed or was ever in force, the newest of each first.',
  });
export type PoliciesAnswer = z.infer<typeof policiesAnswer>;

/** Asking needs one owner, approving another; switching off needs one. The owner is the token’s. */
export const switchRequest = z
  .union(
    [
      z.strictObject({ act: z.literal('request_on'), reason: text(500) }),
      z.strictObject({ act: z.literal('approve_on'), request: recordId }),
      z.strictObject({ act: z.literal('off'), reason: text(500) }),
    ],
    { error: 'act request_on with a reason, approve_on with a request, or off with a reason' },
  )
  .meta({ id: 'SwitchRequest' });
export type SwitchRequest = z.infer<typeof switchRequest>;

export const switchAnswer = z
  .object({
    id: z.string(),
    state: z.enum(['on', 'off']),
    changedAt: moment.optional(),
    requestedBy: z.string().optional(),
    approvedBy: z.string().optional(),
    pending: z
      .object({ request: recordId, requestedBy: z.string(), requestedAt: moment })
      .optional(),
  })
  .meta({
    id: 'SwitchAnswer',
    description: '`pending` while a request waits for another owner’s approval.',
  });
export type SwitchAnswer = z.infer<typeof switchAnswer>;
