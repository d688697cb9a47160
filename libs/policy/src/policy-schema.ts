import { CHANNELS, CONTACT_KINDS } from '@kyoka/kernel';
import { z } from 'zod';
import { daysSchema, daySchema, idSchema, monthsSchema, textSchema } from './shapes.js';
import {
  CHANNEL_BASES,
  CONTENT_OWNERS,
  PROVISION_BASES,
  PURPOSE_KINDS,
  RECIPIENT_KINDS,
  SOURCE_KINDS,
  SOURCE_NEEDS,
} from './words.js';

const channels = z.array(z.enum(CHANNELS)).min(1);

const identitySchema = z.strictObject({
  id: idSchema,
  version: z.int().min(1),
  title: textSchema,
  legal_pack: z.string().min(1).max(64).describe('id of the legal pack whose floor applies'),
  text_date: daySchema.nullable().describe("the published text's own date, if it has one"),
  effective_from: daySchema.nullable().describe('before this day the version is not in force'),
});

const categorySchema = z.strictObject({
  id: idSchema,
  label: textSchema,
  marketable: z.boolean().describe('whether a marketing purpose may be granted to it'),
  intake: z
    .boolean()
    .optional()
    .describe('whether people of it are taken in; absent: only if it is marketable'),
  clause: textSchema,
});

const sourceSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(SOURCE_KINDS),
  yields: z.array(idSchema).min(1).describe('the categories a subject of this source may have'),
  needs: z
    .enum(SOURCE_NEEDS)
    .optional()
    .describe('what every event that brings in its data has to say; absent: nothing'),
  clause: textSchema,
});

const purposeSchema = z.strictObject({
  id: idSchema,
  kind: z.enum(PURPOSE_KINDS),
  label: textSchema,
  label_ja: textSchema
    .optional()
    .describe('the label in Japanese, for pages that people read; absent: the label'),
  owner: z
    .array(z.enum(CONTENT_OWNERS))
    .min(1)
    .optional()
    .describe('whose offers it may carry; absent: own content only'),
  analysis_stated: z.boolean().optional(),
  needed_after_cancellation: z
    .boolean()
    .optional()
    .describe('survives a cancellation where the text has no rule of its own'),
  clause: textSchema,
});

const grantSchema = z.strictObject({
  category: z.array(idSchema).min(1),
  purpose: idSchema,
  channels: z
    .union([z.literal('by_consent'), channels], {
      error: 'expected by_consent (no channel is named) or a list of channels',
    })
    .describe('by_consent: the text names no channel; for marketing the own consent has to'),
  clause: textSchema,
});

const formAbandonedSchema = z.strictObject({
  use: z.boolean(),
  purposes: z.array(idSchema),
  channels: z.array(z.enum(CHANNELS)),
  keep_days: daysSchema,
  notice_before_typing: z.boolean(),
  clause: textSchema,
});

const adRecipientSchema = z.strictObject({ id: idSchema, groups: z.array(idSchema) });

const adMatchingSchema = z.strictObject({
  purpose: idSchema.describe('the purpose whose consent counts'),
  bases: z.array(z.enum(PROVISION_BASES)).min(1),
  items: z
    .partialRecord(z.enum(CONTACT_KINDS), idSchema)
    .describe('contact kind → the name of what a recipient gets of it'),
  recipients: z.array(adRecipientSchema).min(1),
  lookalike: z.boolean().describe('whether similar people may be derived from the hashed list'),
  hashed_as: z
    .enum(['personal', 'non_identifying'])
    .describe('what the text calls hashed contact points'),
  clause: textSchema,
});

const thirdPartySchema = z.strictObject({
  kinds: z
    .array(z.enum(RECIPIENT_KINDS))
    .nullable()
    .describe('the only kinds of third party the text allows; null: not limited by kind'),
  filing: z
    .strictObject({ number: textSchema, start: daySchema })
    .nullable()
    .describe('the filing that opt-out provision needs (APPI Art. 27(2))'),
  clause: textSchema,
});

const jointUseSchema = z.strictObject({
  recipients: z.array(idSchema).min(1),
  scope: textSchema,
  purpose: textSchema,
  responsible: textSchema,
  items: z.array(idSchema).min(1),
  clause: textSchema,
});

/**
 * One version of one company's privacy policy, as a file that the service enforces. An unknown field
 * is an error. An absent permission means no; an absent duty means the floor of the legal pack.
 */
export const policySchema = z
  .strictObject({
    policy: identitySchema,
    categories: z.array(categorySchema).min(1),
    sources: z.array(sourceSchema).min(1),
    purposes: z.array(purposeSchema).min(1),
    grants: z.array(grantSchema).min(1),
    channel_defaults: z
      .partialRecord(z.enum(CHANNELS), z.enum(CHANNEL_BASES))
      .describe('what marketing on a channel rests on; absent: off'),
    consent_at_acquisition: z.enum(['none', 'notice']),
    consents: z.strictObject({ valid_months: monthsSchema }).optional(),
    confirmed_contact: channels
      .optional()
      .describe('channels whose contact point the person must have confirmed for marketing'),
    form_abandoned: formAbandonedSchema.optional(),
    cookie_linking: z
      .array(idSchema)
      .optional()
      .describe('categories whose cookies and access logs may be linked to them; absent: none'),
    ad_matching: adMatchingSchema.optional(),
    third_party: thirdPartySchema,
    joint_use: z.array(jointUseSchema).optional(),
    group_use_stated: z.boolean().describe('the text lets companies of a group use the data'),
    processors: z.strictObject({ review_months: monthsSchema.nullable(), clause: textSchema }),
    use_limits: z
      .strictObject({ clause: textSchema })
      .describe('where the text promises to manage the period of use and the users'),
    after_cancellation: z
      .array(idSchema)
      .nullable()
      .describe('purposes that survive; null: only those needed_after_cancellation'),
    retention: z.strictObject({ default_days: daysSchema, clause: textSchema }).nullable(),
  })
  .describe('A privacy policy as a file');

export type Policy = Readonly<z.infer<typeof policySchema>>;
export type Purpose = Policy['purposes'][number];
export type Grant = Policy['grants'][number];
