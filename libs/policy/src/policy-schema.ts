import { type Channel, CHANNELS } from '@kyoka/kernel';
import { z } from 'zod';
import { changesSchema } from './policy-changes-schema.js';
import {
  adMatchingSchema,
  jointUsesSchema,
  processorsSchema,
  statisticsSchema,
  thirdPartySchema,
} from './policy-provision-schema.js';
import {
  anonymisedSchema,
  callsSchema,
  controllerSchema,
  cookiesSchema,
  safetySchema,
  selfServiceSchema,
  statementsSchema,
} from './policy-published-schema.js';
import { rightsSchema } from './policy-rights-schema.js';
import {
  daysSchema,
  daySchema,
  idSchema,
  labelJaSchema,
  labelSchema,
  monthsSchema,
  sectionSchema,
  textSchema,
} from './shapes.js';
import {
  CHANGE_NOTICES,
  CHANNEL_BASES,
  CONTENT_OWNERS,
  PURPOSE_KINDS,
  SOURCE_KINDS,
  SOURCE_NEEDS,
} from './words.js';

const channels = z.array(z.enum(CHANNELS)).min(1);

/** The text as published: a file beside the policy, its hash, and where its sections begin. */
const publishedTextSchema = z.strictObject({
  file: z
    .string()
    .describe('name of the file in the folder texts beside the policy')
    .max(120)
    .regex(/^[a-z0-9][a-z0-9.-]*\.txt$/, { error: 'expected the name of a .txt file' }),
  language: z.enum(['ja', 'en']).describe('language of the text as it lies there'),
  sha256: z
    .string()
    .describe('SHA-256 of the file, so that another text is noticed')
    .regex(/^[0-9a-f]{64}$/, { error: 'expected 64 lower-case hexadecimal digits' }),
  sections: z
    .record(z.string().min(1).max(64), textSchema)
    .describe('id of a section → words of the text that stand at its beginning'),
});

const identitySchema = z.strictObject({
  id: idSchema.describe('id of the policy, one for each company and text'),
  version: z.int().min(1).describe('version of the policy; decisions name it as id@version'),
  title: textSchema.describe('title of the text, in English'),
  title_ja: textSchema.optional().describe('title of the text, in Japanese'),
  legal_pack: z.string().min(1).max(64).describe('id of the legal pack whose floor applies'),
  text_date: daySchema.nullable().describe("the published text's own date, if it has one"),
  effective_from: daySchema.nullable().describe('before this day the version is not in force'),
  enacted: daySchema.optional().describe('the day of the first version of the text'),
  change_notice: z
    .enum(CHANGE_NOTICES)
    .optional()
    .describe('how the text says that changes are told; absent: published (APPI Art. 21(3))'),
  text: publishedTextSchema.optional().describe('the published text that the file restates'),
});

const categorySchema = z.strictObject({
  id: idSchema.describe('id of the category of people'),
  label: labelSchema,
  label_ja: labelJaSchema,
  marketable: z.boolean().describe('whether a marketing purpose may be granted to it'),
  intake: z
    .boolean()
    .optional()
    .describe('whether people of it are taken in; absent: only if it is marketable'),
  clause: sectionSchema,
});

const sourceSchema = z.strictObject({
  id: idSchema.describe('id of the source, as events and source contracts name it'),
  kind: z.enum(SOURCE_KINDS).describe('how data comes in through it'),
  yields: z.array(idSchema).min(1).describe('the categories a subject of this source may have'),
  needs: z
    .enum(SOURCE_NEEDS)
    .optional()
    .describe('what every event that brings in its data has to say; absent: nothing'),
  clause: sectionSchema,
});

const purposeSchema = z.strictObject({
  id: idSchema.describe('id of the purpose, as consents and requests name it'),
  kind: z
    .enum(PURPOSE_KINDS)
    .describe(
      'transaction, service: what the person asked for; marketing: on the basis of its channel; analytics: reaches nobody; duty: only the legal pack names one',
    ),
  label: labelSchema,
  label_ja: labelJaSchema,
  owner: z
    .array(z.enum(CONTENT_OWNERS))
    .min(1)
    .optional()
    .describe('whose offers it may carry; absent: own content only'),
  analysis_stated: z
    .boolean()
    .optional()
    .describe('whether the text says that people are analysed for it (APPI Art. 17(1))'),
  individually_accepted: z
    .boolean()
    .optional()
    .describe('only for people who accepted this purpose by itself, whatever its kind'),
  needed_after_cancellation: z
    .boolean()
    .optional()
    .describe('survives a cancellation where the text has no rule of its own'),
  clause: sectionSchema,
});

const grantSchema = z.strictObject({
  category: z.array(idSchema).min(1).describe('categories that have the purpose'),
  purpose: idSchema.describe('the purpose that they have'),
  channels: z
    .union([z.literal('by_consent'), channels], {
      error: 'expected by_consent (no channel is named) or a list of channels',
    })
    .describe('by_consent: the text names no channel; for marketing the own consent has to'),
  etc_widens: z
    .boolean()
    .optional()
    .describe(
      'the text says that its list of channels is not closed: another channel may be used too where it needs no consent or the own consent names it, never ads; absent: the list is closed, whatever "etc." it ends in',
    ),
  clause: sectionSchema,
});

const formAbandonedSchema = z.strictObject({
  use: z.boolean().describe('whether entries of a form that was not sent are used at all'),
  purposes: z.array(idSchema).describe('the only purposes that they serve'),
  channels: z.array(z.enum(CHANNELS)).describe('the only channels on which they are used'),
  keep_days: daysSchema.describe(
    'days after typing, the last one included, in which they are used',
  ),
  notice_before_typing: z
    .boolean()
    .describe('whether the notice stands there before anything is typed (APPI Art. 21(2))'),
  clause: sectionSchema,
});

/** How long data is kept. A rule of a campaign or source wins over the default. */
const retentionSchema = z.strictObject({
  default_days: daysSchema
    .nullable()
    .describe('null: for good, as far as the law lets it (APPI Art. 22)'),
  rules: z
    .array(
      z.strictObject({
        source: idSchema.optional().describe('for data of this source; absent: of any'),
        purpose: idSchema.optional().describe('for this purpose; absent: for any'),
        days: daysSchema.describe('days after acquisition, the last one included'),
        clause: sectionSchema,
      }),
    )
    .optional()
    .describe('terms of their own; the one that names more wins over the default'),
  clause: sectionSchema,
});

/**
 * One version of one company's privacy policy, as a file that the service enforces. An unknown field
 * is an error. An absent permission means no; an absent duty means the floor of the legal pack.
 */
export const policySchema = z
  .strictObject({
    policy: identitySchema.describe('which version of which text this is'),
    changes: changesSchema,
    categories: z.array(categorySchema).min(1).describe('what people are to the company'),
    sources: z
      .array(sourceSchema)
      .min(1)
      .describe('where data comes in; each needs a source contract'),
    purposes: z.array(purposeSchema).min(1).describe('why data is used (APPI Art. 17(1))'),
    grants: z
      .array(grantSchema)
      .min(1)
      .describe(
        'which category has which purpose on which channels; what no grant gives is refused',
      ),
    channel_defaults: z
      .partialRecord(z.enum(CHANNELS), z.enum(CHANNEL_BASES))
      .describe('what marketing on a channel rests on; absent: off'),
    consent_at_acquisition: z
      .enum(['none', 'notice', 'consent'])
      .describe('what has to come before data is taken in; consent: with evidence'),
    consents: z
      .strictObject({
        valid_months: monthsSchema.describe('months after which a consent has expired'),
      })
      .optional()
      .describe('how long consents live; absent: until they are withdrawn'),
    confirmed_contact: channels
      .optional()
      .describe('channels whose contact point the person must have confirmed for marketing'),
    form_abandoned: formAbandonedSchema
      .optional()
      .describe('entries of a form that was not sent; absent: never used'),
    cookie_linking: z
      .array(idSchema)
      .optional()
      .describe('categories whose cookies and access logs may be linked to them; absent: none'),
    ad_matching: adMatchingSchema
      .optional()
      .describe('matching of hashed contact points with ad networks; absent: none'),
    third_party: thirdPartySchema.describe('provision to third parties (APPI Art. 27)'),
    joint_use: jointUsesSchema,
    group_use_stated: z.boolean().describe('the text lets companies of a group use the data'),
    processors: processorsSchema.describe('who works for the company (APPI Art. 25, 27(5)(i))'),
    use_limits: z
      .strictObject({
        max_days: daysSchema
          .optional()
          .describe('days that the period of one use may have at most'),
        clause: sectionSchema,
      })
      .optional()
      .describe('where the text promises to manage the period of use and the users'),
    after_cancellation: z
      .array(idSchema)
      .nullable()
      .describe('purposes that survive; null: only those needed_after_cancellation'),
    retention: retentionSchema.nullable().describe('how long data may be used; null: not stated'),
    controller: controllerSchema
      .optional()
      .describe('who handles the data, and whom to ask (APPI Art. 32(1))'),
    statistics: statisticsSchema.optional().describe('statistics, and who may have them'),
    rights: rightsSchema.optional().describe('absent: what the law gives'),
    cookies: cookiesSchema.optional().describe('what cookies are used for'),
    safety_measures: safetySchema.optional(),
    anonymised: anonymisedSchema
      .optional()
      .describe('anonymously processed information (APPI Art. 43, 44); absent: none'),
    calls: callsSchema.optional().describe('how calls about an order are answered'),
    self_service: selfServiceSchema.optional().describe('what people see and change by themselves'),
    optional_entry: z
      .strictObject({ label: labelSchema, label_ja: labelJaSchema, clause: sectionSchema })
      .optional()
      .describe('that giving data is voluntary, and what follows without it'),
    statements: statementsSchema
      .optional()
      .describe('what the text says that no software carries out: shown'),
  })
  .describe('A privacy policy as a file');

export type Policy = Readonly<z.infer<typeof policySchema>>;
export type Purpose = Policy['purposes'][number];
export type Grant = Policy['grants'][number];

/** Whether a grant may use a channel that its text doesn't name. */
export const leavesChannelsOpen = ({ channels: named, etc_widens: widens }: GrantedChannels) =>
  named === 'by_consent' || widens === true;

export type GrantedChannels = Pick<Grant, 'channels' | 'etc_widens'>;

/** The channels that the text names for a grant; none where it names none. */
export const namedChannels = ({ channels: named }: GrantedChannels): readonly Channel[] =>
  named === 'by_consent' ? [] : named;

/** The channels of a grant in words; `by_consent` where the text leaves some open. */
export const channelWords = (grant: GrantedChannels): readonly string[] => [
  ...namedChannels(grant),
  ...(leavesChannelsOpen(grant) ? ['by_consent'] : []),
];
