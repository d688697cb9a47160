import { z } from 'zod';
import {
  idSchema,
  labelJaSchema,
  labelSchema,
  sectionSchema,
  textSchema,
  urlSchema,
} from './shapes.js';
import { SELF_SERVICE_PAGES, TRANSFORMS } from './words.js';

const named = z.strictObject({
  id: idSchema.describe('id of the entry'),
  label: labelSchema,
  label_ja: labelJaSchema,
  clause: sectionSchema,
});

/** Who handles the data, and whom to ask (APPI Art. 32(1)). What the text leaves blank is null. */
export const controllerSchema = z.strictObject({
  name: textSchema.describe('name of the business operator'),
  address: textSchema.nullable().describe('its address; null: the text leaves it out'),
  representative: textSchema.nullable().describe('who represents it; null: not stated'),
  manager: textSchema.nullable().describe('the personal information protection manager'),
  accredited_body: textSchema
    .nullable()
    .describe('the accredited body that takes complaints; null: none is named'),
  desk: z
    .strictObject({
      name: textSchema.nullable().describe('name of the desk'),
      phone: textSchema.nullable().describe('its phone number'),
      email: textSchema.nullable().describe('its email address'),
      address: textSchema.nullable().describe('its postal address'),
      visits: z.boolean().nullable().describe('whether people may come; null: not stated'),
    })
    .describe('where people ask and complain; null: the text leaves it out'),
  clause: sectionSchema,
});

export const cookiesSchema = z.strictObject({
  uses: z.array(named).min(1).describe('what they are used for'),
  attributes: z.array(idSchema).optional().describe('what cookies may yield'),
  refusal: textSchema.optional().describe('how people refuse them, and what then stops'),
  refusal_ja: textSchema.optional().describe('the same in Japanese'),
  clause: sectionSchema,
});

export const safetySchema = z
  .array(named)
  .min(1)
  .describe('safety measures as published (APPI Art. 23, 32(1))');

export const anonymisedSchema = z.strictObject({
  received: z.boolean().describe('whether the company receives such data'),
  provided: z.boolean().describe('whether it provides such data'),
  drop: z.array(idSchema).min(1).describe('items that never go into a data set'),
  transforms: z
    .array(
      z.strictObject({
        item: idSchema.describe('the item'),
        into: z.enum(TRANSFORMS).describe('what is made of it'),
        clause: sectionSchema,
      }),
    )
    .min(1)
    .describe('what is made of which item'),
  items: z.array(named).min(1).describe('published items (APPI Art. 43(3), 44)'),
  methods: z.array(named).min(1).describe('published methods of provision'),
  clause: sectionSchema,
});

/** What is said to somebody who calls, or is called, about an order. */
export const callsSchema = z.strictObject({
  answer: z.enum(['person_only']).describe('who is told about the order'),
  number: z.enum(['registered_only']).describe('which number is called'),
  script: z.array(idSchema).min(1).describe('what is said, in this order'),
  clause: sectionSchema,
});

export const selfServiceSchema = z.strictObject({
  who: z.array(idSchema).min(1).describe('categories'),
  pages: z.array(z.enum(SELF_SERVICE_PAGES)).min(1).describe('what they can do there'),
  address: urlSchema.optional().describe('address of the page'),
  clause: sectionSchema,
});

/** What the text says that no software carries out: shown to the operator and to people. */
export const statementsSchema = z.array(named);
