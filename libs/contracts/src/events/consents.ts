import * as z from 'zod';
import { contact, contacts } from '../contact.js';
import { reached, reachesSomebody, REACHES, REACHES_SCHEMA } from './reached.js';
import {
  channel,
  channelsOrAny,
  confirmation,
  evidence,
  LIST_LIMIT,
  moment,
  name,
  policyVersion,
  purposeOrAny,
  subjectRef,
} from '../words.js';

export const consentGranted = z
  .object({
    subject: subjectRef,
    category: name,
    contacts: contacts.optional(),
    purpose: name,
    channels: z.array(channel).min(1).max(LIST_LIMIT),
    recipient: name.optional(),
    occurredAt: moment,
    policyVersion,
    evidence: evidence.optional(),
  })
  .refine((grant) => !grant.channels.includes('ads') || grant.channels.length === 1, {
    path: ['channels'],
    error: 'ads alone: it is granted per recipient',
  })
  .refine((grant) => grant.channels.includes('ads') === (grant.recipient !== undefined), {
    path: ['recipient'],
    error: 'a recipient or recipient group for ads, none for other channels',
  })
  .meta({
    id: 'ConsentGranted',
    description:
      'A person allowed one purpose on named channels; for `ads` one recipient or recipient group. Without evidence it is kept and allows nothing.',
  });

export const consentWithdrawn = z
  .object({
    ...reached,
    category: name.optional(),
    purpose: purposeOrAny,
    channels: channelsOrAny,
    recipient: name.optional(),
    occurredAt: moment,
    policyVersion: policyVersion.optional(),
    evidence: evidence.optional(),
  })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'ConsentWithdrawn',
    description:
      'A person took a permission back. `*` stands for every purpose or channel; without a recipient every recipient is meant. With contacts alone, such as a line of a list of opt-outs, it is kept as an objection of these contact points, whoever has them or gets them.',
    ...REACHES_SCHEMA,
  });

export const contactConfirmed = z
  .object({
    subject: subjectRef,
    contacts: z.array(contact).min(1).max(LIST_LIMIT),
    occurredAt: moment,
    confirmed: confirmation,
    evidence: evidence.optional(),
  })
  .meta({
    id: 'ContactConfirmed',
    description: 'A person showed that these contact points are theirs.',
  });
