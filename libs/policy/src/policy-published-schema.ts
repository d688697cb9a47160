import { z } from 'zod';
import { idSchema, sectionSchema, textSchema, urlSchema } from './shapes.js';
import { SELF_SERVICE_PAGES, TRANSFORMS } from './words.js';

const named = z.strictObject({
  id: idSchema,
  label: textSchema,
  label_ja: textSchema.optional(),
  clause: sectionSchema,
});

/** Who handles the data, and whom to ask (APPI Art. 32(1)). What the text leaves blank is null. */
export const controllerSchema = z.strictObject({
  name: textSchema,
  address: textSchema.nullable(),
  representative: textSchema.nullable(),
  manager: textSchema.nullable().describe('the personal information protection manager'),
  accredited_body: textSchema.nullable(),
  desk: z.strictObject({
    name: textSchema.nullable(),
    phone: textSchema.nullable(),
    email: textSchema.nullable(),
    address: textSchema.nullable(),
    visits: z.boolean().nullable(),
  }),
  clause: sectionSchema,
});

export const cookiesSchema = z.strictObject({
  uses: z.array(named).min(1),
  attributes: z.array(idSchema).optional().describe('what cookies may yield'),
  refusal: textSchema.optional().describe('how people refuse them, and what then stops'),
  refusal_ja: textSchema.optional(),
  clause: sectionSchema,
});

export const safetySchema = z
  .array(named)
  .min(1)
  .describe('safety measures as published (APPI Art. 23, 32(1))');

export const anonymisedSchema = z.strictObject({
  received: z.boolean(),
  provided: z.boolean(),
  drop: z.array(idSchema).min(1).describe('items that never go into a data set'),
  transforms: z
    .array(z.strictObject({ item: idSchema, into: z.enum(TRANSFORMS), clause: sectionSchema }))
    .min(1),
  items: z.array(named).min(1).describe('published items (APPI Art. 43(3), 44)'),
  methods: z.array(named).min(1).describe('published methods of provision'),
  clause: sectionSchema,
});

/** What is said to somebody who calls, or is called, about an order. */
export const callsSchema = z.strictObject({
  answer: z.enum(['person_only']),
  number: z.enum(['registered_only']),
  script: z.array(idSchema).min(1),
  clause: sectionSchema,
});

export const selfServiceSchema = z.strictObject({
  who: z.array(idSchema).min(1).describe('categories'),
  pages: z.array(z.enum(SELF_SERVICE_PAGES)).min(1),
  address: urlSchema.optional(),
  clause: sectionSchema,
});

/** What the text says that no software carries out: shown to the operator and to people. */
export const statementsSchema = z.array(named);
