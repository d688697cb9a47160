import * as z from 'zod';
import { contacts } from '../contact.js';
import { moment, name, policyVersion, reference, subjectRef, text } from '../words.js';

const orderItem = z
  .object({
    sku: text(64),
    category: name,
    quantity: z.int().min(1).max(100_000),
    yen: z.int().min(0).max(1_000_000_000),
  })
  .meta({
    id: 'OrderItem',
    description: 'One line; `yen` is the price of the whole line, tax included.',
  });

const acquisition = {
  policyVersion: policyVersion.optional(),
  noticeShownAt: moment.optional(),
  consentReference: reference(128).optional(),
};

export const orderPlaced = z
  .object({
    subject: subjectRef,
    category: name,
    contacts: contacts.optional(),
    order: z.object({
      ref: reference(128),
      at: moment,
      items: z.array(orderItem).min(1).max(200),
      mallNewsletter: z.boolean().optional(),
    }),
    ...acquisition,
  })
  .meta({
    id: 'OrderPlaced',
    description:
      'The orderer (never the recipient of a gift) ordered. An order is never a consent, and neither is `mallNewsletter`, the tick for the mall’s own newsletter.',
  });

export const orderCancelled = z
  .object({ subject: subjectRef, order: z.object({ ref: reference(128) }), occurredAt: moment })
  .meta({
    id: 'OrderCancelled',
    description: 'An order was cancelled; segments no longer count it.',
  });

export const customerRegistered = z
  .object({
    subject: subjectRef,
    category: name,
    contacts: contacts.optional(),
    occurredAt: moment,
    ...acquisition,
  })
  .meta({
    id: 'CustomerRegistered',
    description:
      'A record of a person appeared or changed: its category, contact points, and the policy and notice it was acquired under. `consentReference` is the supplier’s, for data that a third party gave with the person’s consent.',
  });
