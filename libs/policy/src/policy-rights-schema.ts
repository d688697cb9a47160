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
  types: z
    .array(z.enum(REQUEST_TYPES))
    .min(1)
    .describe('requests that cost it; the law knows a fee for few (APPI Art. 38)'),
  yen: z.int().min(1).describe('the fee in yen'),
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
  form_sent_by: z
    .array(z.enum(REQUEST_MEDIA))
    .optional()
    .describe('how the company sends its form'),
  mark: textSchema.optional().describe('what has to stand on the envelope'),
  mark_ja: textSchema.optional().describe('the same in Japanese'),
  visits: z.boolean().nullable().describe('whether somebody may come in person; null: not stated'),
  light_route: z.boolean().describe('whether users of a service may simply ask that service'),
  postage_by: z.enum(['person', 'company']).optional().describe('who pays the postage'),
  specify: z.array(idSchema).optional().describe('what the person names the data by'),
  clause: sectionSchema,
});

const papersSchema = z.strictObject({
  one_of: z.array(z.enum(IDENTITY_PAPERS)).min(1).describe('any one of these is enough'),
  clause: sectionSchema,
});

const proxySchema = z.strictObject({
  papers: z.array(z.enum(PROXY_PAPERS)).min(1).describe('all of these are needed'),
  seal_certificate_months: monthsSchema
    .optional()
    .describe('months that a certificate of the seal may be old'),
  clause: sectionSchema,
});

const responseSchema = z.strictObject({
  media: z.array(z.enum(ANSWER_MEDIA)).min(1).optional().describe('absent: not stated'),
  default: z.enum(ANSWER_MEDIA).optional().describe('where the person names none'),
  at_least_days: daysSchema.optional().describe('how long the text says an answer takes at least'),
  promise: textSchema.optional().describe('when the text says that an answer comes'),
  promise_ja: textSchema.optional().describe('the same in Japanese'),
  clause: sectionSchema,
});

const suspensionSchema = z.strictObject({
  grounds: z
    .array(z.enum(SUSPENSION_GROUNDS))
    .min(1)
    .describe('the grounds that the text asks for; the law adds its own'),
  investigate: z.boolean().describe('whether the text says that it is looked into first'),
  alternatives: z.boolean().describe('whether the text offers other measures (APPI Art. 35(6))'),
  notify: z.boolean().describe('whether the text promises to tell the outcome (APPI Art. 35(7))'),
  clause: sectionSchema,
});

/** What a person may ask for and how (APPI Art. 32 to 39). An absent duty means the law's own floor. */
export const rightsSchema = z.strictObject({
  types: z
    .array(z.enum(REQUEST_TYPES))
    .min(1)
    .describe('requests that the text names; the law adds its own'),
  fees: z.array(feeSchema).optional().describe('absent: none'),
  intake: intakeSchema.optional().describe('how a request is made (APPI Art. 37(1))'),
  identity: papersSchema.optional().describe('papers that show who asks'),
  proxy: proxySchema.optional().describe('papers of somebody who asks for the person'),
  response: responseSchema.optional().describe('how and when it is answered (APPI Art. 33(2))'),
  refusals: z
    .array(
      z.strictObject({
        ground: z.enum(REFUSAL_GROUNDS).describe('why a request may be refused'),
        clause: sectionSchema,
      }),
    )
    .optional()
    .describe('grounds of refusal that the text names'),
  suspension: suspensionSchema
    .optional()
    .describe('how a request to stop the use is handled (APPI Art. 35)'),
  case_data: z
    .strictObject({
      purposes: z.array(idSchema).min(1).describe('what it is used for'),
      keep_months: monthsSchema.describe('months that it is kept'),
      clause: sectionSchema,
    })
    .optional()
    .describe('what is received with a request, and how long it is kept'),
  entrusted: z
    .strictObject({
      route: z.enum(['desk', 'refuse']).describe('desk: passed on; refuse: refused and said so'),
      clause: sectionSchema,
    })
    .optional()
    .describe('data held for another company without the right to disclose it'),
  excluded: z
    .array(
      z.strictObject({
        id: idSchema.describe('id of what is excluded'),
        text: textSchema.describe('what the text says'),
        text_ja: textSchema.optional().describe('the same in Japanese'),
        clause: sectionSchema,
      }),
    )
    .optional()
    .describe('what the text says it does not disclose'),
  clause: sectionSchema,
});
