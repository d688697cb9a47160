import { ANY, CHANNELS, CONTACT_CLASSES, CONTACT_KINDS, STOP_KINDS } from '@kyoka/kernel';
import * as z from 'zod';
import { moment, recordId } from '../words.js';
import { subjectDisclosure } from './disclosures.js';
import { erasureAnswer } from './erasures.js';
import { subjectSelector } from './decisions.js';
import { suspensionAnswer } from './suspensions.js';

/** `*` where a withdrawal covers every channel. */
const channel = z.enum([...CHANNELS, ANY]);

/** What is held of one record of a person: no contact value, only kinds and classes. */
export const subjectAnswer = z
  .object({
    id: recordId,
    source: z.string(),
    ref: z.string(),
    category: z.string(),
    status: z.enum(['active', 'cancelled']),
    adsSwitch: z.enum(['on', 'off']).optional(),
    retentionOver: z.boolean().optional(),
    contactPoints: z.array(
      z.object({
        kind: z.enum(CONTACT_KINDS),
        class: z.enum(CONTACT_CLASSES),
        sources: z.array(z.string()),
        confirmedAt: moment.optional(),
        sharedWith: z.int().min(0),
      }),
    ),
    permissions: z.array(
      z.object({
        purpose: z.string(),
        channel,
        recipient: z.string().optional(),
        state: z.enum(['granted', 'withdrawn', 'expired']),
        proof: z.enum(['unproven', 'evidenced', 'confirmed']),
        at: moment,
        evidence: z.string().optional(),
      }),
    ),
    stops: z.array(
      z.object({
        kind: z.enum(STOP_KINDS),
        purpose: z.string(),
        channel: z.string(),
        recipient: z.string().optional(),
        at: moment,
        endedAt: moment.optional(),
        through: z.enum(['own', 'contact_point']),
      }),
    ),
    releases: z.array(
      z.object({
        at: moment,
        recipient: z.string(),
        audience: recordId,
        items: z.array(z.string()),
        decisionId: recordId,
        policy: z.string(),
        evidence: z.array(z.string()),
      }),
    ),
    disclosures: z.array(subjectDisclosure),
    suspensions: z.array(suspensionAnswer),
  })
  .meta({
    id: 'SubjectAnswer',
    description:
      'Permissions, evidence, releases and suspensions of one subject. `expired`: the grant is older than a policy lets consents live; `retentionOver`: the time is over for which the source lets the data be used. `sharedWith` counts other subjects with the same contact point. `disclosures`: what was handed over without consent; of one that is `untold` the person is not told.',
  });
export type SubjectAnswer = z.infer<typeof subjectAnswer>;

export const erasedSubject = z.object({ id: recordId, erased: erasureAnswer }).meta({
  id: 'ErasedSubject',
  description: 'A subject that was erased and of which nothing came in since: the receipt alone.',
});
export type ErasedSubject = z.infer<typeof erasedSubject>;

export const findSubjectsRequest = z.strictObject({ subject: subjectSelector }).meta({
  id: 'FindSubjectsRequest',
  description: 'A contact value belongs in a body, never in an address.',
});
export type FindSubjectsRequest = z.infer<typeof findSubjectsRequest>;

export const findSubjectsAnswer = z.object({ subjects: z.array(recordId) }).meta({
  id: 'FindSubjectsAnswer',
  description: 'Ids of the subjects; several where they share the contact point, none if unknown.',
});
export type FindSubjectsAnswer = z.infer<typeof findSubjectsAnswer>;
