import type { EventOutcome, Instant, Json } from '@kyoka/kernel';
import { isEventType, TOPIC_OF_TYPE, type InputTopic, type ParkReason } from '@kyoka/contracts';
import type { PublisherName } from './publishers.js';
import { tokyoTime } from './time.js';

/** What goes wrong on the way with an event that its publisher meant well, or that an attacker made. */
export type Damage =
  | 'mac_missing'
  | 'mac_wrong'
  | 'changed_after_signing'
  | 'unknown_key'
  | 'contact_in_clear'
  | 'contact_sealed_for_another_event';

/** An event in the public format before it is sealed and signed: contacts are in the clear. */
export interface Draft {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly data: Json;
}

export interface SampleEvent {
  readonly draft: Draft;
  /** Signed by a publisher onto a topic, or posted by somebody with a token. */
  readonly route:
    | { readonly via: 'topic'; readonly topic: InputTopic; readonly publisher: PublisherName }
    | { readonly via: 'http' };
  readonly damage?: Damage;
  /** What the service answers: the tests and the summary compare with it. */
  readonly expected: { readonly outcome: EventOutcome; readonly reason?: ParkReason };
}

/** What one step of the sample emits; `at` is when the publisher recorded it. */
export interface Emission {
  readonly publisher: PublisherName | 'http';
  readonly source: string;
  readonly type: string;
  readonly at: Instant;
  readonly data: Json;
  readonly id?: string;
  readonly damage?: Damage;
  readonly expected?: SampleEvent['expected'];
  /** When it arrives, if later than it was recorded. */
  readonly arrivesAt?: Instant;
}

/** Collects emissions and puts them into the order of their arrival. */
export class Journal {
  readonly #entries: { event: SampleEvent; arrivesAt: Instant }[] = [];
  #ids = 0;

  add(emission: Emission): SampleEvent {
    const { publisher, source, type, at, data, damage } = emission;
    const id = emission.id ?? `${publisher}-${String(++this.#ids).padStart(6, '0')}`;
    return this.#keep(
      {
        draft: { id, source, type: `jp.kyoka.${type}.v1`, time: tokyoTime(at), data },
        route:
          publisher === 'http'
            ? { via: 'http' }
            : { via: 'topic', topic: topicOf(type), publisher },
        ...(damage && { damage }),
        expected: emission.expected ?? { outcome: 'accepted' },
      },
      emission.arrivesAt ?? at,
    );
  }

  /** The very same event once more. */
  repeat(event: SampleEvent, arrivesAt: Instant): void {
    this.#keep({ ...event, expected: { outcome: 'duplicate' } }, arrivesAt);
  }

  inOrderOfArrival(): SampleEvent[] {
    return this.#entries.toSorted((a, b) => a.arrivesAt - b.arrivesAt).map(({ event }) => event);
  }

  #keep(event: SampleEvent, arrivesAt: Instant): SampleEvent {
    this.#entries.push({ event, arrivesAt });
    return event;
  }
}

function topicOf(shortType: string): InputTopic {
  const type = `jp.kyoka.${shortType}.v1`;
  return isEventType(type) ? TOPIC_OF_TYPE[type] : 'kyoka.orders.v1';
}
