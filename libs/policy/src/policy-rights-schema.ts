import { z } from 'zod';
import { daysSchema, idSchema, monthsSchema, sectionSchema, textSchema } from './shapes.js';
import {
  ANSWER_MEDIA,
  FEE_METHODS,
  IDENTITY_PAPERS,
  PROXY_PAPERS,
  REFUSAL_GROUNDS,
  REQUEST_MEDIA,
  REQUEST_TYPES,
  SUSPENSION_GROUNDS,
} from './words.js';

const feeSchema = z.strictObject({
  types: z.array(z.enum(REQUEST_TYPES)).min(1),
  yen: z.int().min(1),
  method: z.enum(FEE_METHODS).nullable().describe('null: the text names none'),
  refundable: z
    .boolean()
    .nullable()
    .describe('whether it comes back where a request is refused; null: not stated'),
  clause: sectionSchema,
});

const intakeSchema = z.strictObject({
  media: z.array(z.enum(REQUEST_MEDIA)).min(1).describe('how a request may come in'),
  form: z.boolean().describe("whether the company's own form has to be used"),
  form_sent_by: z.array(z.enum(REQUEST_MEDIA)).optional(),
  mark: textSchema.optional().describe('what has to stand on the envelope'),
  mark_ja: textSchema.optional(),
  visits: z.boolean().nullable().describe('whether somebody may come in person; null: not stated'),
  light_route: z.boolean().describe('whether users of a service may simply ask that service'),
  postage_by: z.enum(['person', 'company']).optional(),
  specify: z.array(idSchema).optional().describe('what the person names the data by'),
  clause: sectionSchema,
});

const papersSchema = z.strictObject({
  one_of: z.array(z.enum(IDENTITY_PAPERS)).min(1),
  clause: sectionSchema,
});

const proxySchema = z.strictObject({
  papers: z.array(z.enum(PROXY_PAPERS)).min(1),
  seal_certificate_months: monthsSchema.optional(),
  clause: sectionSchema,
});

const responseSchema = z.strictObject({
  media: z.array(z.enum(ANSWER_MEDIA)).min(1).optional().describe('absent: not stated'),
  default: z.enum(ANSWER_MEDIA).optional(),
  at_least_days: daysSchema.optional().describe('how long the text says an answer takes at least'),
  promise: textSchema.optional().describe('when the text says that an answer comes'),
  promise_ja: textSchema.optional(),
  clause: sectionSchema,
});

const suspensionSchema = z.strictObject({
  grounds: z
    .array(z.enum(SUSPENSION_GROUNDS))
    .min(1)
    .describe('the grounds that the text asks for; the law adds its own'),
  investigate: z.boolean(),
  alternatives: z.boolean(),
  notify: z.boolean(),
  clause: sectionSchema,
});

/** What a person may ask for and how (APPI Art. 32 to 39). An absent duty means the law's own floor. */
export const rightsSchema = z.strictObject({
  types: z.array(z.enum(REQUEST_TYPES)).min(1),
  fees: z.array(feeSchema).optional().describe('absent: none'),
  intake: intakeSchema.optional(),
  identity: papersSchema.optional(),
  proxy: proxySchema.optional(),
  response: responseSchema.optional(),
  refusals: z
    .array(z.strictObject({ ground: z.enum(REFUSAL_GROUNDS), clause: sectionSchema }))
    .optional(),
  suspension: suspensionSchema.optional(),
  case_data: z
    .strictObject({
      purposes: z.array(idSchema).min(1),
      keep_months: monthsSchema,
      clause: sectionSchema,
    })
    .optional()
    .describe('what is received with a request, and how long it is kept'),
  entrusted: z
    .strictObject({ route: z.enum(['desk', 'refuse']), clause: sectionSchema })
    .optional()
    .describe('data held for another company without the right to disclose it'),
  excluded: z
    .array(
      z.strictObject({
        id: idSchema,
        text: textSchema,
        text_ja: textSchema.optional(),
        clause: sectionSchema,
      }),
    )
    .optional()
    .describe('what the text says it does not disclose'),
  clause: sectionSchema,
});
