import { CHANNELS } from '@kyoka/kernel';
import { z } from 'zod';
import { countrySchema, daySchema, idSchema, monthsSchema, textSchema } from './shapes.js';
import { PROVISION_BASES } from './words.js';

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
    stops: z.strictObject({ article: textSchema }),
    notice_at_acquisition: z.strictObject({ article: textSchema }),
    joint_use: z.strictObject({ article: textSchema }),
  })
  .describe('The floor that the law sets');

export type LegalPack = Readonly<z.infer<typeof legalPackSchema>>;
