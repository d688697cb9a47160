import { CHANNELS } from '@kyoka/kernel';
import { z } from 'zod';
import {
  articleSchema,
  countrySchema,
  daySchema,
  idSchema,
  labelSchema,
  monthsSchema,
  textSchema,
} from './shapes.js';
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
    legal_pack: z
      .strictObject({
        id: z
          .string()
          .regex(/^[a-z]{2}-\d{4}$/, { error: 'expected an id such as jp-2022' })
          .describe('id of the pack, as policies name it: country and year'),
        title: textSchema.describe('for people to read'),
        valid_from: daySchema.describe('the day on which this law came into force'),
      })
      .describe('which law, as of when'),
    duties: z
      .array(
        z.strictObject({
          id: idSchema.describe('id of the duty: no policy may define it'),
          label: labelSchema,
          article: articleSchema,
        }),
      )
      .describe('purposes owed to the person under every policy and for every category'),
    opt_in_channels: z
      .array(
        z.strictObject({
          channel: z.enum(CHANNELS).describe('the channel'),
          article: articleSchema,
        }),
      )
      .describe('channels on which marketing takes recorded consent, whatever the text says'),
    opt_in_evidence: z
      .strictObject({
        keep_months: monthsSchema.describe('months after the last message'),
        article: articleSchema,
      })
      .describe('how long proof of consent is kept after the last message sent under it'),
    labelling: z
      .array(
        z.strictObject({
          channels: z.array(z.enum(CHANNELS)).min(1).describe('on these channels'),
          show: z.array(z.enum(LABELS)).min(1).describe('all of these are shown'),
          article: articleSchema,
        }),
      )
      .describe('what a marketing message has to show'),
    ad_matching: z
      .strictObject({
        bases: z.array(z.enum(PROVISION_BASES)).min(1).describe('the only bases'),
        article: articleSchema,
      })
      .describe('on what a hashed list may be matched by an ad network'),
    foreign_transfer: z
      .strictObject({
        home: countrySchema.describe('the country that is not abroad'),
        exempt: z.array(countrySchema).describe('countries with an equivalent system'),
        bases: z.array(idSchema).min(1).describe('what a transfer elsewhere may rest on'),
        review_months: monthsSchema.describe('months that a review of a recipient holds'),
        article: articleSchema,
      })
      .describe('recipients abroad'),
    provision: z
      .strictObject({
        bases: z
          .array(z.enum(PROVISION_BASES))
          .min(1)
          .describe('on what somebody else may hold the data; no policy may name another'),
        grounds: z
          .array(
            z.strictObject({
              ground: z
                .enum(DISCLOSURE_GROUNDS)
                .describe('the ground, as policies and cases name it'),
              article: articleSchema,
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
        filing_items: z
          .int()
          .min(1)
          .describe('how many items opt-out provision files and publishes'),
        filing_article: articleSchema,
        record_months: monthsSchema.describe('how long a record of provision is kept'),
        record_article: articleSchema,
        article: articleSchema,
      })
      .describe('provision of data to somebody else'),
    person_related: z
      .strictObject({ article: articleSchema })
      .describe(
        'cookie histories and the like that the receiver adds to what it holds of a person',
      ),
    stops: z.strictObject({ article: articleSchema }).describe('what obliges the company to stop'),
    notice_at_acquisition: z
      .strictObject({ article: articleSchema })
      .describe('what has to be told before data is given'),
    joint_use: z.strictObject({ article: articleSchema }).describe('what joint use has to state'),
    processors: z
      .strictObject({ article: articleSchema })
      .describe('what is asked of those who work for the company'),
    retention: z.strictObject({ article: articleSchema }).describe('until when data is kept'),
    rights: z
      .strictObject({
        types: z
          .array(
            z.strictObject({
              type: z.enum(REQUEST_TYPES).describe('the request'),
              article: articleSchema,
            }),
          )
          .min(1)
          .describe('what a person may ask for whatever the text says'),
        fee_types: z.array(z.enum(REQUEST_TYPES)).describe('requests that may cost a fee'),
        fee_article: articleSchema,
        suspension_grounds: z
          .array(z.enum(SUSPENSION_GROUNDS))
          .min(1)
          .describe('grounds on which the use is stopped whatever the text says'),
        suspension_article: articleSchema,
        electronic_answer: z
          .strictObject({ article: articleSchema })
          .describe('an answer in electronic form where the person asks for it'),
        answer_days: z
          .int()
          .min(1)
          .describe('after so many days from arrival the person may go to court'),
        answer_article: articleSchema,
        identity_article: articleSchema,
        scope_article: articleSchema,
      })
      .describe('what people may ask for (APPI Art. 32 to 39)'),
    published: z
      .array(
        z.strictObject({
          item: z.enum(PUBLISHED_ITEMS).describe('what can be looked up'),
          article: articleSchema,
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
