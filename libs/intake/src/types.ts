import type { ParkReason } from '@kyoka/contracts';
import type { EventOutcome, FieldFault, Instant } from '@kyoka/kernel';

/** One event as a transport brought it: CloudEvents attributes by their names without `ce_`, and the bytes of its data. */
export interface RawEvent {
  readonly attributes: Readonly<Record<string, string>>;
  readonly data: Uint8Array;
  /** Where it came from, for a person who looks at a parked one: `http`, or `topic/partition/offset`. */
  readonly place: string;
  /** When it became durable on its way here (the broker's append); absent: as it is read. */
  readonly arrivedAt?: Instant;
  /** Who vouches for it. */
  readonly by: Authority;
}

/**
 * `mac`: the publisher's MAC has to be valid for its source and type. `token`: the caller was
 * authenticated by the door it came through. `unsigned_topic`: the topic is listed as taking events
 * without a MAC. `page`: the service saw the person act on its own page, behind a link that it made for
 * them, so it attests by itself what a link confirmed. `person`: nobody vouched for it, and a person
 * took it in all the same; it can only stop something.
 */
export interface Authority {
  readonly kind: 'mac' | 'token' | 'unsigned_topic' | 'page' | 'person';
  /** Whether contact values may come in the clear (HTTP, or a topic that is listed for it). */
  readonly plaintext: boolean;
  /** Whose token it was, or who took it in. */
  readonly owner?: string;
}

export interface IntakeAnswer {
  readonly outcome: EventOutcome;
  readonly reason?: ParkReason;
  readonly faults?: readonly FieldFault[];
  /** Present when the event stopped something: the id under which its progress is shown. */
  readonly stopActIds?: readonly string[];
}

/** What of an event no policy in force takes, and why. */
export interface Misfit {
  readonly reason: ParkReason;
  readonly fault: FieldFault;
}
