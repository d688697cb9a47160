import * as z from 'zod';
import { moment, reference, text } from '../words.js';

/**
 * The attributes that the service reads (CloudEvents 1.0), without the `ce_` of Kafka's headers.
 * `id` and `source` together are the idempotency key. Other extensions are covered by the MAC and
 * otherwise ignored.
 */
export const cloudEventAttributes = z
  .object({
    specversion: z.literal('1.0'),
    id: reference(256),
    source: reference(256),
    type: text(256),
    time: moment,
    datacontenttype: z
      .string()
      .max(128)
      .regex(/^application\/json *(;.*)?$/i, { error: 'application/json' })
      .optional(),
    partitionkey: text(256).optional(),
    kyokakid: text(128).optional(),
    kyokamac: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, { error: 'base64url of 32 bytes' })
      .optional(),
  })
  .meta({
    id: 'CloudEventAttributes',
    description:
      '`time` is when the publisher recorded the event. `kyokakid` names the publisher key, `kyokamac` is the base64url HMAC-SHA256 under it over the other attributes and the data.',
  });
/**
 * `source` and `id` of an event, as far as they keep the contract: only then can they be its
 * idempotency key. An event without one is known by its content alone.
 */
export function idempotencyKey(
  attributes: unknown,
): { readonly source: string; readonly id: string } | undefined {
  const { source, id } = cloudEventAttributes.shape;
  return z.object({ source, id }).safeParse(attributes).data;
}

export type CloudEventAttributes = z.infer<typeof cloudEventAttributes>;
