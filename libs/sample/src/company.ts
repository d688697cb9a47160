import type { EventOutcome, Instant } from '@kyoka/kernel';
import type { ParkReason } from '@kyoka/contracts';
import { addConsents } from './consents.js';
import { addDemoPerson } from './demo.js';
import { Journal, type SampleEvent } from './events.js';
import { addMallCheckbox, addOptOutList } from './imports.js';
import { addLateEvents, addMistakes, addRepetitions } from './mistakes.js';
import { addOrders } from './orders.js';
import { makePeople } from './people.js';
import { createRandom } from './random.js';
import { addLine, addStops } from './stops.js';

export interface SampleCompany {
  /** In the order in which they arrive. */
  readonly events: readonly SampleEvent[];
  /** Records by source; a person may have several. */
  readonly records: Readonly<Record<string, number>>;
  readonly people: number;
}

/**
 * The sample company: people of a store and three malls over the two years before `now`, with consents
 * of every sort, orders, stops, and everything that goes wrong on the way. The same seed, moment and
 * number give the same events.
 */
export function sampleCompany({
  seed,
  now,
  people: count = 2000,
}: {
  readonly seed: number;
  readonly now: Instant;
  readonly people?: number;
}): SampleCompany {
  const random = createRandom(seed);
  const journal = new Journal();
  const people = makePeople(random, count, now);
  const records = people.flatMap((person) => person.records);

  for (const person of people) {
    for (const record of person.records) {
      addOrders(journal, person, record, now);
      if (record.source !== 'store') continue;
      addConsents(journal, person, record, now);
      addStops(journal, person, record, now);
      addLine(journal, person, record.since, now);
    }
  }
  const store = records.filter(({ source }) => source === 'store');
  addOptOutList(journal, random.fork('opt-out list'), people, now);
  records
    .filter(({ source }) => source === 'mall.yahoo' || source === 'mall.rakuten')
    .slice(0, 40)
    .forEach((record) => addMallCheckbox(journal, record, now));
  addRepetitions(journal, random.fork('repetitions'), now);
  addLateEvents(journal, random.fork('late'), store, now);
  addDemoPerson(journal, now);
  addMistakes(journal, random.fork('mistakes'), store, now);

  return {
    events: journal.inOrderOfArrival(),
    records: Object.fromEntries(
      Object.entries(Object.groupBy(records, ({ source }) => source)).map(([source, list]) => [
        source,
        list.length,
      ]),
    ),
    people: count + 1,
  };
}

/** How many events are expected to end how: `accepted`, `parked/malformed`, ... */
export function expectedCounts(
  company: SampleCompany,
): Readonly<Partial<Record<EventOutcome | `parked/${ParkReason}`, number>>> {
  const counts: Partial<Record<EventOutcome | `parked/${ParkReason}`, number>> = {};
  for (const { expected } of company.events) {
    const key =
      expected.reason === undefined ? expected.outcome : (`parked/${expected.reason}` as const);
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}
