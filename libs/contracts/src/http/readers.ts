import * as z from 'zod';
import { dayOrTerm, LIST_LIMIT, moment, name, recordId, reference } from '../words.js';

/** The output topics whose events are about a subject. */
export const READ_TOPICS = [
  'kyoka.permissions.v1',
  'kyoka.suspension-progress.v1',
  'kyoka.releases.v1',
] as const;

export const readerRequest = z
  .strictObject({
    name: reference(100),
    topic: z.enum(READ_TOPICS),
    sources: z.array(name).min(1).max(LIST_LIMIT),
    until: dayOrTerm,
  })
  .meta({
    id: 'ReaderRequest',
    description:
      'Who reads a topic, and the sources whose references its events then carry, until the last day (Asia/Tokyo). All readers of a topic see what it carries for any of them.',
  });
export type ReaderRequest = z.infer<typeof readerRequest>;

export const readerAnswer = z
  .object({
    id: recordId,
    name: z.string(),
    topic: z.enum(READ_TOPICS),
    sources: z.array(z.string()),
    validUntil: moment,
    registeredAt: moment,
    registeredBy: z.string(),
    endedAt: moment.optional(),
    endedBy: z.string().optional(),
  })
  .meta({ id: 'ReaderAnswer' });
export type ReaderAnswer = z.infer<typeof readerAnswer>;

export const readersAnswer = z
  .object({ readers: z.array(readerAnswer) })
  .meta({ id: 'ReadersAnswer', description: 'In the order of their registration.' });
export type ReadersAnswer = z.infer<typeof readersAnswer>;
