import { DISCLOSABLE_ITEMS } from '@kyoka/decision';
import { CONTACT_KINDS } from '@kyoka/kernel';
import * as z from 'zod';
import {
  day,
  dayOrTerm,
  LIST_LIMIT,
  moment,
  name,
  policyVersion,
  prose,
  recordId,
  subjectRef,
} from '../words.js';
import { decisionReason } from './decisions.js';
import { fieldFault } from './problem.js';

/** Most cases of one answer. */
export const DISCLOSURES_SHOWN = 100;

const party = z
  .strictObject({ name: prose(256), address: prose(512), representative: prose(256) })
  .meta({ id: 'DisclosureParty', description: 'Who asked, and gets the data.' });

const paper = z
  .strictObject({ reference: prose(128), date: day })
  .meta({ id: 'DisclosurePaper', description: 'The document that was put before us.' });

const statements = z
  .strictObject({
    basis: prose(500).optional(),
    obstacle: prose(1000).optional(),
    need: prose(1000).optional(),
    research: prose(1000).optional(),
    balance: prose(1000).optional(),
  })
  .meta({
    id: 'DisclosureStatements',
    description:
      '`basis`: law and article; `obstacle`: why consent is hard to get or asking would hinder; `need`: why it is particularly needed; `research`: for what research; `balance`: why the person’s rights are not unduly harmed.',
  });

/**
 * What somebody asks for may be what the law doesn't know: that is an answer, and kept. So ground and
 * items are names here, and what is missing is told in the answer.
 */
export const disclosureRequest = z
  .strictObject({
    subject: z.union([z.strictObject({ id: recordId }), subjectRef], {
      error: '{id} or {source, ref}',
    }),
    policy: policyVersion,
    ground: name,
    party,
    paper: paper.optional(),
    items: z.array(name).min(1).max(LIST_LIMIT),
    statements: statements.optional(),
    until: dayOrTerm.optional(),
    untold: z.strictObject({ reason: prose(500) }).optional(),
  })
  .meta({
    id: 'DisclosureRequest',
    description: `A case of disclosure to a third party without the person’s consent (APPI Art. 27(1)). \`items\`: of ${DISCLOSABLE_ITEMS.join(', ')}. \`until\`: the last day on which it may be handed over. \`untold\`: why the person is not told of it. No text may hold an email address or phone number.`,
  });
export type DisclosureRequest = z.infer<typeof disclosureRequest>;

export const disclosureApproval = z
  .strictObject({ approve: z.boolean(), reason: prose(500) })
  .meta({ id: 'DisclosureApproval', description: 'By somebody who did not open the case.' });
export type DisclosureApproval = z.infer<typeof disclosureApproval>;

const act = z.object({ by: z.string(), at: moment });

export const disclosureAnswer = z
  .object({
    id: recordId,
    subject: recordId.optional(),
    state: z.enum(['lacking', 'open', 'refused', 'approved', 'over', 'handed_over']),
    policy: z.string(),
    ground: z.string(),
    article: z.string().optional(),
    party,
    paper: paper.optional(),
    items: z.array(z.string()),
    statements,
    until: moment.optional(),
    untold: z.object({ reason: z.string() }).optional(),
    reasons: z.array(decisionReason),
    missing: z.array(fieldFault),
    opened: act,
    decided: act.extend({ reason: z.string() }).optional(),
    handedOver: act.optional(),
  })
  .meta({
    id: 'DisclosureAnswer',
    description:
      'A case without what is disclosed. `lacking`: it did not stand when it was opened, for these `reasons`, and `missing` is what it had to state; it stays as it is, and another is opened. `over`: its last day passed. `handedOver`: once, and recorded before it was answered.',
  });
export type DisclosureAnswer = z.infer<typeof disclosureAnswer>;

export const disclosuresQuery = z.strictObject({ after: z.uuid().optional() });
export type DisclosuresQuery = z.infer<typeof disclosuresQuery>;

export const disclosuresAnswer = z
  .object({ disclosures: z.array(disclosureAnswer), next: recordId.optional() })
  .meta({
    id: 'DisclosuresAnswer',
    description: `The newest ${DISCLOSURES_SHOWN} cases; \`next\`, given as \`after\`, continues.`,
  });
export type DisclosuresAnswer = z.infer<typeof disclosuresAnswer>;

export const handOverAnswer = z
  .object({
    disclosure: disclosureAnswer,
    contacts: z.array(z.object({ kind: z.enum(CONTACT_KINDS), value: z.string() })),
    orders: z.array(
      z.object({
        source: z.string(),
        ref: z.string(),
        at: moment,
        items: z.array(
          z.object({
            sku: z.string(),
            category: z.string(),
            quantity: z.int(),
            yen: z.int(),
          }),
        ),
      }),
    ),
  })
  .meta({
    id: 'HandOverAnswer',
    description: 'What is handed over, in the clear, this once. It is kept nowhere else.',
  });
export type HandOverAnswer = z.infer<typeof handOverAnswer>;

/** A hand-over as the record of a subject shows it to the operator. */
export const subjectDisclosure = z.object({
  id: recordId,
  at: moment,
  ground: z.string(),
  article: z.string().optional(),
  party: z.string(),
  items: z.array(z.string()),
  policy: z.string(),
  untold: z.boolean(),
});
