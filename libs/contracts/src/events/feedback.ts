import * as z from 'zod';
import { channel, evidence, moment } from '../words.js';
import { reached, reachesSomebody, REACHES, REACHES_SCHEMA } from './reached.js';

export const deliveryBounced = z
  .object({
    ...reached,
    channel,
    bounce: z.enum(['hard', 'soft']),
    occurredAt: moment,
    evidence: evidence.optional(),
  })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'DeliveryBounced',
    description: 'A message could not be delivered. Only `hard` stops the channel.',
    ...REACHES_SCHEMA,
  });

export const deliveryComplained = z
  .object({ ...reached, channel, occurredAt: moment, evidence: evidence.optional() })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'DeliveryComplained',
    description: 'A person reported a message as unwanted.',
    ...REACHES_SCHEMA,
  });

export const lineFollowed = z
  .object({ ...reached, occurredAt: moment, evidence: evidence.optional() })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'LineFollowed',
    description: 'A person followed (or unblocked) the LINE official account.',
    ...REACHES_SCHEMA,
  });

export const lineUnfollowed = z
  .object({ ...reached, occurredAt: moment, evidence: evidence.optional() })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'LineUnfollowed',
    description: 'A person blocked the LINE official account.',
    ...REACHES_SCHEMA,
  });

export const deliveryReturned = z
  .object({ ...reached, occurredAt: moment, evidence: evidence.optional() })
  .refine(reachesSomebody, REACHES)
  .meta({
    id: 'DeliveryReturned',
    description: 'Post came back: unknown at the address, or acceptance refused.',
    ...REACHES_SCHEMA,
  });
