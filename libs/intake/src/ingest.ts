import { type Instant, KyokaError } from '@kyoka/kernel';
import {
  DatabaseError,
  inTransaction,
  type Pool,
  queryable,
  type Queryable,
} from '@kyoka/postgres';
import { count, observe } from '@kyoka/telemetry';
import { kidOf } from './authenticate.js';
import { commitBatch, type CommitPorts } from './commit.js';
import { ErasedMeanwhile } from './gone.js';
import { prepare, type Prepared } from './prepare.js';
import { knownPublishers } from './publishers/known-publishers.js';
import type { IntakeAnswer, RawEvent } from './types.js';
import type { Vocabulary } from './vocabulary.js';

export interface IntakePorts extends CommitPorts {
  /** A pool of the role `kyoka_permissions`. */
  readonly pool: Pool;
  /** Read for each batch, so that a policy that goes live counts from then on. */
  readonly vocabulary: () => Vocabulary;
  /** Told of every batch that leaves stops parked, once it is durable: a person has to look at them. */
  readonly onParkedStops?: (stops: ParkedStops) => void;
}

/** How many stops of a batch were parked. */
export interface ParkedStops {
  /** Stopped nothing: nobody vouches for them, or they name nobody readable. */
  readonly withoutEffect: number;
  /** Stopped something all the same, at their widest readable scope. */
  readonly applied: number;
}

/** Keeps what somebody did by these events, in their transaction. */
export type RecordAnswers = (tx: Queryable, answers: readonly IntakeAnswer[]) => Promise<void>;

export interface IngestOptions {
  /** Called in the transaction before any other lock; throws where whoever brings the events may no longer. */
  readonly entitled?: (tx: Queryable) => Promise<void>;
  /** Called in the transaction, after its locks but the barrier. */
  readonly record?: RecordAnswers;
}

export interface Intake {
  /**
   * Takes a batch of events in one transaction and gives an answer per event, in their order, once
   * it is durable. What can't be used is parked; an event that the database itself can't hold is
   * found by halving the batch, and parked alone.
   *
   * @throws KyokaError `database_unavailable`: nothing of the failed part was taken, try again; what
   *   `entitled` throws
   */
  ingest(events: readonly RawEvent[], options?: IngestOptions): Promise<IntakeAnswer[]>;
}

export function createIntake(ports: IntakePorts): Intake {
  return {
    async ingest(events, options = {}) {
      if (events.length === 0) return [];
      const now = ports.clock();
      const begun = performance.now();
      const batch = await prepareAll(events, now, queryable(ports.pool), ports);
      const answers = await commitParts(batch, now, ports, options);
      observe('kyoka_intake_batch_seconds', {}, performance.now() - begun);
      countAnswers(events, answers);
      tellOfParkedStops(batch, answers, ports);
      return answers;
    },
  };
}

function countAnswers(events: readonly RawEvent[], answers: readonly IntakeAnswer[]): void {
  answers.forEach(({ outcome, reason }, index) => {
    const type = events[index]?.attributes['type'] ?? '';
    count('kyoka_intake_events_total', { type, outcome });
    if (reason !== undefined) count('kyoka_intake_parked_total', { reason });
  });
}

function tellOfParkedStops(
  batch: readonly Prepared[],
  answers: readonly IntakeAnswer[],
  { onParkedStops }: IntakePorts,
): void {
  const parked = answers.filter(
    ({ outcome }, index) => outcome === 'parked' && batch[index]?.stop === true,
  );
  if (parked.length === 0) return;
  const applied = parked.filter(({ stopActIds }) => stopActIds !== undefined).length;
  onParkedStops?.({ applied, withoutEffect: parked.length - applied });
}

/** Reads events as far as that goes without what is stored of people. */
export async function prepareAll(
  events: readonly RawEvent[],
  now: Instant,
  db: Queryable,
  ports: Pick<IntakePorts, 'vault' | 'vocabulary'>,
): Promise<Prepared[]> {
  const kids = events.flatMap((event) => kidOf(event) ?? []);
  const context = {
    vault: ports.vault,
    vocabulary: ports.vocabulary(),
    publishers: await knownPublishers(db, ports.vault, kids),
  };
  return events.map((event) => prepare(event, now, context));
}

async function commitParts(
  batch: readonly Prepared[],
  now: Instant,
  ports: IntakePorts,
  options: IngestOptions,
): Promise<IntakeAnswer[]> {
  const { entitled, record } = options;
  try {
    return await inTransaction(ports.pool, async (tx) => {
      await entitled?.(tx);
      return commitBatch(tx, batch, now, ports, {
        ...(record && { beforeBarrier: (answers) => record(tx, answers) }),
      });
    });
  } catch (fault) {
    if (fault instanceof ErasedMeanwhile) return commitParts(batch, now, ports, options);
    if (!(fault instanceof DatabaseError) || !fault.blamesData) throw fault;
    if (batch.length > 1) {
      const middle = batch.length >> 1;
      return [
        ...(await commitParts(batch.slice(0, middle), now, ports, options)),
        ...(await commitParts(batch.slice(middle), now, ports, options)),
      ];
    }
    const less = lessOf(batch[0] as Prepared);
    if (less === undefined) throw new KyokaError('internal', 'a parked event could not be kept');
    return commitParts([less], now, ports, options);
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
