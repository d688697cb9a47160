import { type Instant, KyokaError } from '@kyoka/kernel';
import { DatabaseError, inTransaction, type Pool } from '@kyoka/postgres';
import { publishersOf } from './authenticate.js';
import { commitBatch, type CommitPorts } from './commit.js';
import { prepare, type Prepared } from './prepare.js';
import type { IntakeAnswer, RawEvent } from './types.js';
import type { Vocabulary } from './vocabulary.js';

export interface IntakePorts extends CommitPorts {
  /** A pool of the role `kyoka_permissions`. */
  readonly pool: Pool;
  /** Read for each batch, so that a policy that goes live counts from then on. */
  readonly vocabulary: () => Vocabulary;
}

export interface Intake {
  /**
   * Takes a batch of events in one transaction and gives an answer per event, in their order, once
   * it is durable. What can't be used is parked; an event that the database itself can't hold is
   * found by halving the batch, and parked alone.
   *
   * @throws KyokaError `database_unavailable`: nothing of the failed part was taken, try again
   */
  ingest(events: readonly RawEvent[]): Promise<IntakeAnswer[]>;
}

export function createIntake(ports: IntakePorts): Intake {
  return {
    async ingest(events) {
      if (events.length === 0) return [];
      const now = ports.clock();
      return commitParts(await prepareAll(events, now, ports), now, ports);
    },
  };
}

/** Reads events as far as that goes without a database. */
export async function prepareAll(
  events: readonly RawEvent[],
  now: Instant,
  ports: IntakePorts,
): Promise<Prepared[]> {
  const context = {
    vault: ports.vault,
    vocabulary: ports.vocabulary(),
    publishers: await publishersOf(events, ports.vault),
  };
  return events.map((event) => prepare(event, now, context));
}

async function commitParts(
  batch: readonly Prepared[],
  now: Instant,
  ports: IntakePorts,
): Promise<IntakeAnswer[]> {
  try {
    return await inTransaction(ports.pool, (tx) => commitBatch(tx, batch, now, ports));
  } catch (fault) {
    if (!(fault instanceof DatabaseError) || !fault.blamesData) throw fault;
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      return [
        ...(await commitParts(batch.slice(0, middle), now, ports)),
        ...(await commitParts(batch.slice(middle), now, ports)),
      ];
    }
    const less = lessOf(batch[0] as Prepared);
    if (less === undefined) throw new KyokaError('internal', 'a parked event could not be kept');
    return commitParts([less], now, ports);
  }
}

const UNHOLDABLE = { field: 'data', expected: 'values that the database can hold' };

/**
 * The next less of an event that the database refuses: a stop without its key still stops (its
 * content alone then tells it from others); after that nothing but the original is kept, under its
 * key or without.
 */
function lessOf({ key, effective, ...event }: Prepared): Prepared | undefined {
  const parked = { ...event, outcome: 'parked', faults: [UNHOLDABLE] } as const;
  const stops = (effective?.effects.stopActs?.length ?? 0) > 0;
  if (key && effective && stops) return { ...parked, reason: 'stop_widened', effective };
  if (effective) return { ...parked, reason: 'malformed', ...(key && { key }) };
  return key && { ...parked, reason: 'malformed' };
}
