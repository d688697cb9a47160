import { REASON_CODES } from '@kyoka/decision';
import { CONTACT_KINDS } from '@kyoka/kernel';
import * as z from 'zod';
import { asked, moment, recordId, text } from '../words.js';

export const DECISION_BATCH_LIMIT = 1000;

/** Each moment of the past is read by itself, while a connection is held. */
export const PAST_MOMENTS_LIMIT = 20;

const bySubjectId = z.strictObject({ id: recordId });
const bySourceRef = z.strictObject({ source: text(64), ref: text(128) });
const byContact = z.strictObject({
  contact: z.strictObject({ kind: z.enum(CONTACT_KINDS), value: text(1024) }),
});

/** A person, by what the asker knows of them. */
export const subjectSelector = z
  .union([bySubjectId, bySourceRef, byContact], {
    error: 'one of {id}, {source, ref} or {contact: {kind, value}}',
  })
  .meta({ id: 'SubjectSelector' });
export type SubjectSelector = z.infer<typeof subjectSelector>;

/**
 * Purposes, channels, recipients, policies and people that are unknown, or left out, are refusals of
 * the decision, not faults of the request, so they are texts here and may be absent. Fields that a
 * case of `kyoka decide` has and this has not (`facts`, `actor`, `use`) are refused: facts come from
 * the store, the user from the token.
 */
export const decisionRequest = z
  .strictObject({
    id: text(128).optional(),
    policy: asked(80).optional(),
    at: moment.optional(),
    subject: subjectSelector.optional(),
    request: z
      .strictObject({
        purpose: asked(64).optional(),
        channel: asked(64).optional(),
        contentOwner: z.enum(['own', 'partner', 'third_party']).optional(),
        recipient: asked(64).optional(),
        audience: recordId.optional(),
      })
      .optional(),
    record: z.boolean().optional(),
  })
  .meta({
    id: 'DecisionRequest',
    description:
      'A question about one person. What is left out or unknown is refused with its reason. `at` in the past, beyond a minute, is answered as it would have been then, from what was known by then and the policy versions in force then; a future one is refused, and so is `record` with a past one. Without a stored audience the use is the token’s own. With `record` the answer is committed first and its id returned.',
  });
export type DecisionRequest = z.infer<typeof decisionRequest>;

export const decisionReason = z
  .object({
    code: z.enum(REASON_CODES),
    rule: z.string().optional(),
    detail: z.string().optional(),
  })
  .meta({
    id: 'DecisionReason',
    description: '`rule` points into the policy file, source contract or legal pack.',
  });

export const decisionAnswer = z
  .object({
    id: z.string().optional(),
    allowed: z.boolean(),
    reasons: z.array(decisionReason).optional(),
    basis: z.string().optional(),
    source: z.string().optional(),
    policy: z.string().optional(),
    evidence: z.array(z.string()).optional(),
    decisionId: recordId.optional(),
    historical: z.literal(true).optional(),
  })
  .meta({
    id: 'DecisionAnswer',
    description:
      'Refused: every ground that applies. Allowed: `basis` and the source that allows, in place of reasons. `decisionId` where it was recorded; `historical` where `at` lay in the past: nobody may act on it. By contact, without the scope subjects:read, every refusal is the one reason `not_permitted` and nothing else.',
  });
export type DecisionAnswer = z.infer<typeof decisionAnswer>;

export const decisionBatchRequest = z
  .strictObject({ cases: z.array(decisionRequest).min(1).max(DECISION_BATCH_LIMIT) })
  .meta({
    id: 'DecisionBatchRequest',
    description: `At most ${DECISION_BATCH_LIMIT} cases, of at most ${PAST_MOMENTS_LIMIT} moments in the past.`,
  });

export const decisionBatchAnswer = z
  .object({ decisions: z.array(decisionAnswer) })
  .meta({ id: 'DecisionBatchAnswer', description: 'In the order of the cases.' });

/** What may follow the path where a person's decisions are asked for. */
export const subjectDecisionsQuery = z.strictObject({ at: moment.optional() });
export type SubjectDecisionsQuery = z.infer<typeof subjectDecisionsQuery>;

/** One use of a policy in force: a purpose of it, or a duty of the law, on a channel. */
const decidedUse = decisionAnswer.omit({ id: true, decisionId: true, historical: true }).extend({
  purpose: z.string(),
  channel: z.string().optional(),
  recipient: z.string().optional(),
});
export type DecidedUse = z.infer<typeof decidedUse>;

export const subjectDecisionsAnswer = z
  .object({
    id: recordId,
    at: moment,
    historical: z.literal(true).optional(),
    decisions: z.array(decidedUse),
  })
  .meta({
    id: 'SubjectDecisionsAnswer',
    description:
      'Every use that the policies in force name, decided for one subject: each purpose and each duty on each channel, on ads at each recipient of the policy, for the caller and the term of their token. A purpose that reaches nobody has no channel.',
  });
export type SubjectDecisionsAnswer = z.infer<typeof subjectDecisionsAnswer>;

const recordedUse = z.record(z.string(), z.unknown());

/** A stored decision, whole: what was asked, what was answered and why, and the files it was taken by. */
export const decisionRecord = z
  .object({
    id: recordId,
    kind: z.enum(['asked', 'release']),
    subject: recordId.optional(),
    decidedAt: moment,
    allowed: z.boolean(),
    policy: z.string().optional(),
    request: recordedUse,
    recipient: recordedUse.optional(),
    reasons: z.array(decisionReason).optional(),
    basis: z.string().optional(),
    rule: z.string().optional(),
    source: z.string().optional(),
    evidence: z.array(z.string()),
    files: z.record(z.string(), z.string()).optional(),
    text: z.string().optional(),
  })
  .meta({
    id: 'DecisionRecord',
    description:
      'A decision that somebody acted on: one asked for with `record`, or that of a release. `files` holds the SHA-256 of each file it was taken by, under the name that rules point to it by; `text` that of the published text. `evidence` are ids in the ledger. One whose records have ended is not there.',
  });
export type DecisionRecord = z.infer<typeof decisionRecord>;
