import { z } from 'zod';

/** An id of a policy, category, purpose, source, recipient: lower case, parts joined by dots. */
export const idSchema = z
  .string()
  .max(64)
  .regex(/^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$/, {
    error: 'expected a lower-case id such as info_product',
  });

/** Free text of a policy file, shown to people and never interpreted. */
export const textSchema = z.string().min(1).max(2_000);

export const daySchema = z.iso.date({ error: 'expected a day, YYYY-MM-DD' });

export const countrySchema = z
  .string()
  .regex(/^[A-Z]{2}$/, { error: 'expected an ISO 3166-1 alpha-2 country code' });

export const daysSchema = z.int().min(1).max(36_500);
export const monthsSchema = z.int().min(1).max(1_200);

/**
 * Where the text says it: ids of sections of the published text, several joined by `; `. Where the file
 * lists the sections of its text, each has to be one of them.
 */
export const sectionSchema = z
  .string()
  .min(1)
  .max(500)
  .describe('where the published text says it: ids of sections of policy.text, joined by "; "');

/** What people read for an id. */
export const labelSchema = textSchema.describe('for people to read, in English');
export const labelJaSchema = textSchema
  .optional()
  .describe('for people to read, in Japanese; absent: the English words');

/** An article of law, as people cite it. */
export const articleSchema = textSchema.describe(
  'the article that says so, such as APPI Art. 27(2)',
);

export const urlSchema = z
  .url({ protocol: /^https$/, error: 'expected an https address' })
  .max(2_000);
