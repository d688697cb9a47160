import * as z from 'zod';
import { contacts } from '../contact.js';
import { reachesSomebody, REACHES, REACHES_SCHEMA } from '../events/reached.js';
import { evidence, moment, recordId, subjectRef } from '../words.js';
import { removalProgress } from './suspensions.js';

/** Unknown fields are ignored here: a stop must not fail for a field too many. */
export const erasureRequest = z
  .object({
    subject: z
      .union([z.object({ id: recordId }), subjectRef], { error: '{id} or {source, ref}' })
      .optional(),
    contacts: contacts.optional(),
    occurredAt: moment.optional(),
    evidence: evidence.optional(),
  })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'ErasureRequest',
    description:
      'A person’s wish to be erased, entered for them. With `subject` that one is erased; with `contacts` alone, every subject that has one of them. Without `occurredAt` it counts from its arrival.',
    ...REACHES_SCHEMA,
  });
export type ErasureRequest = z.infer<typeof erasureRequest>;

const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day, YYYY-MM-DD');

export const erasureAnswer = z
  .object({
    id: recordId,
    state: z.enum(['waiting', 'erasing', 'erased']),
    subjects: z.array(recordId),
    requestedAt: moment,
    waitsUntil: moment,
    removals: z.array(removalProgress),
    rowsGoneAt: moment.optional(),
    unconfirmed: z.int().min(0).optional(),
    erasedAt: moment.optional(),
    unreadableAfter: day.optional(),
    recordsUntil: day.optional(),
  })
  .meta({
    id: 'ErasureAnswer',
    description:
      'Nothing is used from the request on. `waiting`: for the removals, which need the address, at latest until `waitsUntil`. `erasing`: the rows are gone, the key is on its way out; `unconfirmed` subjects were then still held by a recipient. `erased`: after the day `unreadableAfter` (Japan) nothing of it can be read anywhere, in no backup either. The stop is kept as keyed tokens; records of consents and of provision are kept until `recordsUntil`, as the law orders, for nothing else. `subjects` is empty where nobody was known: the stop then waits for the contact points to appear. Who lacks `subjects:read` is told of no subject and no removal, whoever it was.',
  });
export type ErasureAnswer = z.infer<typeof erasureAnswer>;
