import { CONTACT_KINDS } from '@kyoka/kernel';
import * as z from 'zod';
import { LIST_LIMIT, moment, text } from './words.js';

/** Longest contact value taken; what a value means is for normalisation to judge, not for the contract. */
export const CONTACT_VALUE_LIMIT = 1024;
export const SEALED_LIMIT = 4096;

/** Compact JWE with direct key agreement: the second of its five parts is empty. */
export const COMPACT_JWE = /^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** One contact point: in the clear (HTTP) or sealed by its publisher (Kafka). */
export const contact = z
  .object({
    kind: z.enum(CONTACT_KINDS),
    value: text(CONTACT_VALUE_LIMIT).optional(),
    sealed: z.string().max(SEALED_LIMIT).regex(COMPACT_JWE, { error: 'a compact JWE' }).optional(),
    confirmedAt: moment.optional(),
  })
  .refine((c) => (c.value === undefined) !== (c.sealed === undefined), {
    error: 'either value or sealed',
  })
  .meta({
    id: 'Contact',
    description:
      'Either `value` in the clear (over HTTP) or `sealed`: a compact JWE, alg `dir`, enc `A256GCM`, kid of the publisher key, whose protected header binds event id, source, ref and kind. `postal` values are one line or a JSON text.',
    oneOf: [{ required: ['value'] }, { required: ['sealed'] }],
  });
export type Contact = z.infer<typeof contact>;

export const contacts = z.array(contact).max(LIST_LIMIT);
