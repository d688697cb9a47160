import * as z from 'zod';
import { contacts } from '../contact.js';
import { reachesSomebody, REACHES, REACHES_SCHEMA } from '../events/reached.js';
import { evidence, moment, recordId, scope, subjectRef } from '../words.js';

/** Unknown fields are ignored here: a stop must not fail for a field too many. */
export const suspensionRequest = z
  .object({
    subject: z
      .union([z.object({ id: recordId }), subjectRef], { error: '{id} or {source, ref}' })
      .optional(),
    contacts: contacts.optional(),
    scope,
    occurredAt: moment.optional(),
    evidence: evidence.optional(),
  })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'SuspensionRequest',
    description:
      'A person’s request, entered for them. Without `occurredAt` it counts from its arrival.',
    ...REACHES_SCHEMA,
  });
export type SuspensionRequest = z.infer<typeof suspensionRequest>;

/** The undoing of what one recipient holds of a person. */
export const removalProgress = z
  .object({
    recipient: z.string(),
    state: z.enum(['unconfirmed', 'confirmed', 'overdue']),
    until: moment.optional(),
    requestedAt: moment,
    sentAt: moment.optional(),
    confirmedAt: moment.optional(),
    basis: z.enum(['job_status', 'declared_time']).optional(),
  })
  .meta({
    id: 'RemovalProgress',
    description:
      '`unconfirmed` until the moment `until`, then `overdue`. `basis` says what a confirmation rests on: the network’s job status, or the time that it declares.',
  });

export const suspensionAnswer = z
  .object({
    id: recordId,
    kind: z.enum(['suspension', 'erasure']),
    subjects: z.array(recordId),
    scope,
    occurredAt: moment,
    barrierAt: moment,
    followed: z.boolean(),
    removals: z.array(removalProgress),
    erasure: z.object({ state: z.enum(['waiting', 'erasing', 'erased']) }).optional(),
  })
  .meta({
    id: 'SuspensionAnswer',
    description:
      'From `barrierAt` on no release within the scope starts. Once `followed`, every recipient was searched: `removals` is whole, and empty where none held the person. `subjects` may be empty: the stop then waits for its contact points to appear. Who lacks `subjects:read` is told of the barrier alone: `subjects` and `removals` are empty and `followed` is false, whoever it was. Of an erasure `GET /v1/erasures/{id}` tells more.',
  });
export type SuspensionAnswer = z.infer<typeof suspensionAnswer>;
