import * as z from 'zod';
import { contacts } from '../contact.js';
import { evidence, moment, scope, subjectRef } from '../words.js';
import { reached, reachesSomebody, REACHES, REACHES_SCHEMA } from './reached.js';

export const suspensionRequested = z
  .object({ ...reached, scope, occurredAt: moment, evidence: evidence.optional() })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'SuspensionRequested',
    description: 'A person asked that their data is no longer used within a scope (APPI Art. 35).',
    ...REACHES_SCHEMA,
  });

export const suspensionLifted = z
  .object({ ...reached, scope, occurredAt: moment, evidence })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'SuspensionLifted',
    description:
      'A person ended a suspension or an erasure of theirs. Only a confirmed one has an effect.',
    ...REACHES_SCHEMA,
  });

export const erasureRequested = z
  .object({ ...reached, occurredAt: moment, evidence: evidence.optional() })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'ErasureRequested',
    description:
      'A person asked for erasure. Every use stops at once; erasure follows the removals.',
    ...REACHES_SCHEMA,
  });

export const adsSwitchChanged = z
  .object({
    subject: subjectRef,
    contacts: contacts.optional(),
    state: z.enum(['on', 'off']),
    occurredAt: moment,
    evidence: evidence.optional(),
  })
  .meta({
    id: 'AdsSwitchChanged',
    description: 'A person turned behavioural targeting ads on or off.',
  });

export const membershipCancelled = z
  .object({
    subject: subjectRef,
    contacts: contacts.optional(),
    occurredAt: moment,
    evidence: evidence.optional(),
  })
  .meta({
    id: 'MembershipCancelled',
    description: 'A membership ended; only the purposes that the policy lets survive remain.',
  });
