import { PROVISION_BASES, RECIPIENT_KINDS } from '@kyoka/policy';
import * as z from 'zod';
import { day, moment, name, text } from '../words.js';

const party = z
  .strictObject({ name: text(256), address: text(512), representative: text(256) })
  .meta({
    id: 'RecipientParty',
    description:
      'Who the recipient is, as a record of provision names it (APPI art. 29). A recipient whose basis is `consent` or `opt_out_filed` is not switched on without.',
  });

const terms = {
  id: name,
  network: name.optional(),
  kind: z.enum(RECIPIENT_KINDS),
  basis: z.enum(PROVISION_BASES).optional(),
  contractRef: text(128).optional(),
  useLimitRef: text(128).optional(),
  items: z.array(name).min(1).max(20),
  filing: text(128).optional(),
  reviewedAt: day.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, { error: 'a country code such as US' })
    .optional(),
  foreignBasis: text(64).optional(),
  party: party.optional(),
};

/** Unknown fields are refused: a restriction that is not understood must not be dropped. */
export const recipientRequest = z.strictObject(terms).meta({
  id: 'RecipientRequest',
  description:
    'A party that data goes to, and what was settled with it; what is left out is not known, and refuses what needs it. Registering switches nothing on. Once two people have switched it on, only `reviewedAt` can be renewed.',
});
export type RecipientRequest = z.infer<typeof recipientRequest>;

export const recipientAnswer = z
  .object({ ...terms, registeredBy: z.string(), registeredAt: moment })
  .meta({ id: 'RecipientAnswer' });
export type RecipientAnswer = z.infer<typeof recipientAnswer>;
