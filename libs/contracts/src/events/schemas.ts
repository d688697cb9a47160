import type * as z from 'zod';
import { consentGranted, consentWithdrawn, contactConfirmed } from './consents.js';
import {
  deliveryBounced,
  deliveryComplained,
  deliveryReturned,
  lineFollowed,
  lineUnfollowed,
} from './feedback.js';
import { customerRegistered, orderCancelled, orderPlaced } from './orders.js';
import {
  adsSwitchChanged,
  erasureRequested,
  membershipCancelled,
  suspensionLifted,
  suspensionRequested,
} from './stops.js';
import type { EventType } from './types.js';

/** The schema of `data` for every type of event. Fields it doesn't name are ignored, never refused. */
export const EVENT_DATA = {
  'jp.kyoka.consent.granted.v1': consentGranted,
  'jp.kyoka.consent.withdrawn.v1': consentWithdrawn,
  'jp.kyoka.contact.confirmed.v1': contactConfirmed,
  'jp.kyoka.suspension.requested.v1': suspensionRequested,
  'jp.kyoka.suspension.lifted.v1': suspensionLifted,
  'jp.kyoka.erasure.requested.v1': erasureRequested,
  'jp.kyoka.adsswitch.changed.v1': adsSwitchChanged,
  'jp.kyoka.membership.cancelled.v1': membershipCancelled,
  'jp.kyoka.order.placed.v1': orderPlaced,
  'jp.kyoka.order.cancelled.v1': orderCancelled,
  'jp.kyoka.customer.registered.v1': customerRegistered,
  'jp.kyoka.delivery.bounced.v1': deliveryBounced,
  'jp.kyoka.delivery.complained.v1': deliveryComplained,
  'jp.kyoka.line.followed.v1': lineFollowed,
  'jp.kyoka.line.unfollowed.v1': lineUnfollowed,
  'jp.kyoka.delivery.returned.v1': deliveryReturned,
} as const satisfies Record<EventType, z.ZodType>;

export type EventData<T extends EventType> = z.infer<(typeof EVENT_DATA)[T]>;
