/**
 * Every type of event that the service understands: the topic that carries it, and whether it stops
 * something. What a stop type carries is never lost to strictness (see `readStopLoosely`).
 */
const TYPES = {
  'jp.kyoka.consent.granted.v1': { topic: 'kyoka.consents.v1', stop: false },
  'jp.kyoka.consent.withdrawn.v1': { topic: 'kyoka.consents.v1', stop: true },
  'jp.kyoka.contact.confirmed.v1': { topic: 'kyoka.consents.v1', stop: false },
  'jp.kyoka.suspension.requested.v1': { topic: 'kyoka.suspensions.v1', stop: true },
  'jp.kyoka.suspension.lifted.v1': { topic: 'kyoka.suspensions.v1', stop: false },
  'jp.kyoka.erasure.requested.v1': { topic: 'kyoka.suspensions.v1', stop: true },
  'jp.kyoka.adsswitch.changed.v1': { topic: 'kyoka.suspensions.v1', stop: true },
  'jp.kyoka.membership.cancelled.v1': { topic: 'kyoka.suspensions.v1', stop: true },
  'jp.kyoka.order.placed.v1': { topic: 'kyoka.orders.v1', stop: false },
  'jp.kyoka.order.cancelled.v1': { topic: 'kyoka.orders.v1', stop: false },
  'jp.kyoka.customer.registered.v1': { topic: 'kyoka.orders.v1', stop: false },
  'jp.kyoka.delivery.bounced.v1': { topic: 'kyoka.feedback.v1', stop: true },
  'jp.kyoka.delivery.complained.v1': { topic: 'kyoka.feedback.v1', stop: true },
  'jp.kyoka.line.followed.v1': { topic: 'kyoka.feedback.v1', stop: false },
  'jp.kyoka.line.unfollowed.v1': { topic: 'kyoka.feedback.v1', stop: true },
  'jp.kyoka.delivery.returned.v1': { topic: 'kyoka.feedback.v1', stop: true },
} as const;

export type EventType = keyof typeof TYPES;
export type InputTopic = (typeof TYPES)[EventType]['topic'];
export type StopType = {
  [T in EventType]: (typeof TYPES)[T]['stop'] extends true ? T : never;
}[EventType];

export const EVENT_TYPES = Object.keys(TYPES) as readonly EventType[];

export const TOPIC_OF_TYPE = Object.fromEntries(
  EVENT_TYPES.map((type) => [type, TYPES[type].topic]),
) as Readonly<Record<EventType, InputTopic>>;

export function isEventType(type: unknown): type is EventType {
  return typeof type === 'string' && Object.hasOwn(TYPES, type);
}

/**
 * Whether events of this type can stop a use. Some of them may also do the opposite or nothing
 * (an ads switch turned on, a soft bounce).
 */
export function isStopType(type: string): type is StopType {
  return isEventType(type) && TYPES[type].stop;
}
