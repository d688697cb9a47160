import { CONTACT_KINDS } from '@kyoka/kernel';
import { z } from 'zod';
import {
  daySchema,
  idSchema,
  monthsSchema,
  sectionSchema,
  textSchema,
  urlSchema,
} from './shapes.js';
import {
  DISCLOSURE_GROUNDS,
  PROCESSOR_EVIDENCE,
  PROVISION_BASES,
  PROVISION_MEDIA,
  RECIPIENT_KINDS,
} from './words.js';

const adRecipientSchema = z.strictObject({
  id: idSchema.describe('id of the ad network, as consents and requests name it'),
  groups: z.array(idSchema).describe('groups that a consent may name in its place'),
  name: textSchema.optional().describe('the name that people know it by; absent: its id'),
  opt_out_page: urlSchema
    .optional()
    .describe('the page of the network on which people switch its ads off'),
});

export const adMatchingSchema = z.strictObject({
  purpose: idSchema.describe('the purpose whose consent counts'),
  bases: z
    .array(z.enum(PROVISION_BASES))
    .min(1)
    .describe('on what a network may hold the data; the law asks for consent (APPI Art. 27(1))'),
  items: z
    .partialRecord(z.enum(CONTACT_KINDS), idSchema)
    .describe('contact kind → the name of what a recipient gets of it'),
  recipients: z.array(adRecipientSchema).min(1).describe('the ad networks, and no other'),
  lookalike: z.boolean().describe('whether similar people may be derived from the hashed list'),
  hashed_as: z
    .enum(['personal', 'non_identifying'])
    .describe('what the text calls hashed contact points'),
  clause: sectionSchema,
});

/** The filing that opt-out provision needs (APPI Art. 27(2)); the items are those published and filed. */
const filingSchema = z.strictObject({
  number: textSchema.describe('number of the filing with the PPC'),
  start: daySchema.describe('the day on which provision begins'),
  items: z.array(idSchema).min(1).optional().describe('data items as filed; absent: not published'),
  how_acquired: textSchema.optional().describe('how the data was acquired, as filed'),
  how_provided: textSchema.optional().describe('how it is provided, as filed'),
  how_to_stop: textSchema.optional().describe('how people stop it, as filed'),
  how_updated: textSchema.optional().describe('how it is kept up to date, as filed'),
  operator: textSchema.optional().describe('name, address and representative as filed'),
});

export const thirdPartySchema = z.strictObject({
  kinds: z
    .array(z.enum(RECIPIENT_KINDS))
    .nullable()
    .describe('the only kinds of third party the text allows; null: not limited by kind'),
  bases: z
    .array(z.enum(PROVISION_BASES))
    .optional()
    .describe(
      'on what a third party may be provided with data outside ads; absent: nothing but work for the company',
    ),
  items: z
    .array(idSchema)
    .min(1)
    .optional()
    .describe('the only items a third party may get; absent: not limited by item'),
  purposes: z
    .array(idSchema)
    .min(1)
    .optional()
    .describe('the only purposes for which a third party may get data; absent: not limited'),
  media: z
    .array(z.enum(PROVISION_MEDIA))
    .min(1)
    .optional()
    .describe('how data is handed over; absent: not stated'),
  filing: filingSchema
    .nullable()
    .describe('the filing that opt-out provision needs (APPI Art. 27(2))'),
  exceptions: z
    .array(
      z.strictObject({
        ground: z
          .enum(DISCLOSURE_GROUNDS)
          .describe('what the disclosure rests on (APPI Art. 27(1))'),
        clause: sectionSchema,
      }),
    )
    .optional()
    .describe(
      'grounds of exceptional disclosure, each a case with an approver; what is not named stands only where the legal pack says that it does whatever the text',
    ),
  refused_grounds: z
    .array(
      z.strictObject({
        id: idSchema.describe('id of the ground'),
        text: textSchema.describe('what the text says'),
        clause: sectionSchema,
      }),
    )
    .optional()
    .describe('grounds that the text names and the law does not know: never used'),
  clause: sectionSchema,
});

const jointUseSchema = z.strictObject({
  recipients: z.array(idSchema).min(1).describe('ids of those who use the data jointly'),
  scope: textSchema.describe('the range of joint users, as published (APPI Art. 27(5)(iii))'),
  purpose: textSchema.describe('the purpose of the joint use, as published'),
  responsible: textSchema.describe('the one responsible for the data, as published'),
  address: textSchema.optional().describe('of the one responsible (APPI Art. 27(5)(iii))'),
  representative: textSchema.optional().describe('of the one responsible'),
  items: z.array(idSchema).min(1).describe('the items that are used jointly, and no other'),
  clause: sectionSchema,
});

export const jointUsesSchema = z
  .union([z.literal('prohibited'), z.array(jointUseSchema)], {
    error: 'expected prohibited or a list of joint uses',
  })
  .optional()
  .describe('prohibited: the text forbids it; absent: the text states none');

export const processorsSchema = z.strictObject({
  review_months: monthsSchema
    .nullable()
    .describe('months that a review holds; null: not stated, so the law’s (APPI Art. 28)'),
  evidence: z
    .array(z.enum(PROCESSOR_EVIDENCE))
    .optional()
    .describe('what the text asks of a processor; absent: a contract'),
  clause: sectionSchema,
});

export const statisticsSchema = z.strictObject({
  to: z.enum(['internal', 'third_parties']).describe('who may have them'),
  minimum_group: z.int().min(2).describe('people in the smallest group that is shown'),
  clause: sectionSchema,
});
