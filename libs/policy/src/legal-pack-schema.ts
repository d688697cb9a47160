import { CHANNELS } from '@kyoka/kernel';
import { z } from 'zod';
import { countrySchema, daySchema, idSchema, monthsSchema, textSchema } from './shapes.js';
import {
  DISCLOSURE_GROUNDS,
  DISCLOSURE_NEEDS,
  LABELS,
  OWED_ONLY,
  PROVISION_BASES,
  PUBLISHED_ITEMS,
  REQUEST_TYPES,
  SUSPENSION_GROUNDS,
} from './words.js';

/** The floor that the law sets, dated and replaceable. It only narrows, except for the duties it adds. */
export const legalPackSchema = z
  .strictObject({
    legal_pack: z.strictObject({
      id: z.string().regex(/^[a-z]{2}-\d{4}$/, { error: 'expected an id such as jp-2022' }),
      title: textSchema,
      valid_from: daySchema,
    }),
    duties: z
      .array(z.strictObject({ id: idSchema, label: textSchema, article: textSchema }))
      .describe('purposes owed to the person under every policy and for every category'),
    opt_in_channels: z.array(z.strictObject({ channel: z.enum(CHANNELS), article: textSchema })),
    opt_in_evidence: z
      .strictObject({ keep_months: monthsSchema, article: textSchema })
      .describe('how long proof of consent is kept after the last message sent under it'),
    labelling: z
      .array(
        z.strictObject({
          channels: z.array(z.enum(CHANNELS)).min(1),
          show: z.array(z.enum(LABELS)).min(1),
          article: textSchema,
        }),
      )
      .describe('what a marketing message has to show'),
    ad_matching: z.strictObject({
      bases: z.array(z.enum(PROVISION_BASES)).min(1),
      article: textSchema,
    }),
    foreign_transfer: z.strictObject({
      home: countrySchema,
      exempt: z.array(countrySchema),
      bases: z.array(idSchema).min(1),
      review_months: monthsSchema,
      article: textSchema,
    }),
    provision: z.strictObject({
      bases: z.array(z.enum(PROVISION_BASES)).min(1),
      grounds: z
        .array(
          z.strictObject({
            ground: z.enum(DISCLOSURE_GROUNDS),
            article: textSchema,
            needs: z
              .array(z.enum(DISCLOSURE_NEEDS))
              .min(1)
              .describe('what a case on this ground has to state'),
            whatever_the_text: z
              .literal(true)
              .optional()
              .describe('stands also under a text that does not name it'),
          }),
        )
        .describe('grounds of disclosure without consent, each a case with an approver'),
      filing_items: z.int().min(1).describe('how many items opt-out provision files and publishes'),
      filing_article: textSchema,
      record_months: monthsSchema.describe('how long a record of provision is kept'),
      record_article: textSchema,
      article: textSchema,
    }),
    person_related: z
      .strictObject({ article: textSchema })
      .describe(
        'cookie histories and the like that the receiver adds to what it holds of a person',
      ),
    stops: z.strictObject({ article: textSchema }),
    notice_at_acquisition: z.strictObject({ article: textSchema }),
    joint_use: z.strictObject({ article: textSchema }),
    processors: z.strictObject({ article: textSchema }),
    retention: z.strictObject({ article: textSchema }),
    rights: z.strictObject({
      types: z.array(z.strictObject({ type: z.enum(REQUEST_TYPES), article: textSchema })).min(1),
      fee_types: z.array(z.enum(REQUEST_TYPES)),
      fee_article: textSchema,
      suspension_grounds: z.array(z.enum(SUSPENSION_GROUNDS)).min(1),
      suspension_article: textSchema,
      electronic_answer: z.strictObject({ article: textSchema }),
      answer_days: z
        .int()
        .min(1)
        .describe('after so many days from arrival the person may go to court'),
      answer_article: textSchema,
      identity_article: textSchema,
      scope_article: textSchema,
    }),
    published: z
      .array(
        z.strictObject({
          item: z.enum(PUBLISHED_ITEMS),
          article: textSchema,
          only: z
            .enum(OWED_ONLY)
            .optional()
            .describe('owed only where this holds, which no policy file says'),
        }),
      )
      .min(1)
      .describe('what people have to be able to look up, where the policy gives cause for it'),
  })
  .describe('The floor that the law sets');

export type LegalPack = Readonly<z.infer<typeof legalPackSchema>>;
