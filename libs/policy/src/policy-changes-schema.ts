import { z } from 'zod';
import { daySchema, idSchema, textSchema } from './shapes.js';
import { CHANGE_KINDS } from './words.js';

/** What a version gives that an earlier one didn't, and what that means for data taken in before. */
export const changesSchema = z
  .array(
    z.strictObject({
      data_of: z
        .array(z.int().min(1))
        .min(1)
        .describe('versions of this policy under which the data was taken in'),
      purposes: z
        .array(idSchema)
        .min(1)
        .optional()
        .describe('purposes that these versions did not have, or not for every category'),
      gains: z
        .array(z.string().min(1).max(200))
        .min(1)
        .optional()
        .describe('anything else that is gained, in the words of kyoka policy diff'),
      as: z
        .enum(CHANGE_KINDS)
        .describe(
          'related: reasonably related to what the person was told, so the data may be used for it; by_new_consent: only for people who consent to it, and data taken in from now on',
        ),
      statement: textSchema.describe('why, for people to read'),
      statement_ja: textSchema.optional().describe('the same in Japanese'),
      declared_by: textSchema.describe('the person who answers for it, by name'),
      on: daySchema.describe('the day of the declaration'),
    }),
  )
  .min(1)
  .optional()
  .describe('declared changes (APPI Art. 17(2)); what none declares is no use of older data');
