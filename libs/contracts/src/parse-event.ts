import type { FieldFault } from '@kyoka/kernel';
import { cloudEventAttributes, type CloudEventAttributes } from './events/cloud-event.js';
import { EVENT_DATA, type EventData } from './events/schemas.js';
import { isEventType, type EventType } from './events/types.js';
import { faultsOf } from './faults.js';

/** An event that the service understands. `data` holds declared fields only. */
export type KnownEvent = {
  [T in EventType]: Omit<CloudEventAttributes, 'type'> & { type: T; data: EventData<T> };
}[EventType];

export type ParsedEvent =
  | { ok: true; event: KnownEvent }
  | { ok: false; kind: 'unknown_type' }
  | { ok: false; kind: 'malformed'; faults: FieldFault[] };

/**
 * Checks an event against the contract of its type. An unknown type is told apart before anything else
 * is looked at, so that it can be counted and skipped.
 *
 * @param attributes CloudEvents attributes by their names without `ce_`
 * @param data the parsed JSON of the event
 */
export function parseEvent(attributes: unknown, data: unknown): ParsedEvent {
  const type = (attributes as { type?: unknown } | null | undefined)?.type;
  if (typeof type === 'string' && type !== '' && !isEventType(type)) {
    return { ok: false, kind: 'unknown_type' };
  }
  const head = cloudEventAttributes.safeParse(attributes);
  const body = isEventType(type) ? EVENT_DATA[type].safeParse(data) : undefined;
  if (head.success && body?.success) {
    return { ok: true, event: { ...head.data, data: body.data } as KnownEvent };
  }
  return {
    ok: false,
    kind: 'malformed',
    faults: [
      ...(head.error ? faultsOf(head.error) : []),
      ...(body?.error ? faultsOf(body.error, 'data') : []),
    ],
  };
}
