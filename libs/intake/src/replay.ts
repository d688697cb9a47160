import { DatabaseError, inTransaction, queryable, type Queryable } from '@kyoka/postgres';
import { commitBatch } from './commit.js';
import { type IntakePorts, prepareAll } from './ingest.js';
import { markAccepted } from './tables/event-table.js';
import {
  lockParked,
  markReplayed,
  type ParkedFilter,
  type ParkedRow,
  waitingParked,
} from './tables/parked-table.js';
import type { IntakeAnswer, RawEvent } from './types.js';

/**
 * Records what a person did with one parked original, in the transaction of its effect. `admitted`:
 * they took in a stop that nobody vouches for.
 */
type RecordsReplay = (
  tx: Queryable,
  replay: { readonly parked: string; readonly outcome: 'accepted' | 'duplicate' | 'admitted' },
) => Promise<void>;

export interface ReplayWish extends ParkedFilter {
  /** At most so many, oldest first. */
  readonly limit: number;
  /** Who asked for it. */
  readonly actor: string;
  /** Takes in stops that nobody vouches for, as the actor's own doing; nothing else of such events. */
  readonly acceptUnauthenticated?: boolean;
  /** Called for each before any other lock; throws where the actor may no longer. */
  readonly entitled?: (tx: Queryable) => Promise<void>;
  readonly record?: RecordsReplay;
}

export interface Replayed {
  readonly id: string;
  readonly answer: IntakeAnswer;
}

/**
 * Tries parked originals again under today's policies and keys. Each keeps the moment of its first
 * arrival, so a replay changes nothing that order or time would decide. What can't be used still
 * stays parked.
 */
export async function replayParked(ports: IntakePorts, wish: ReplayWish): Promise<Replayed[]> {
  const done: Replayed[] = [];
  for (const id of await waitingParked(queryable(ports.pool), wish)) {
    const answer = await inTransaction(ports.pool, async (tx) => {
      await wish.entitled?.(tx);
      const row = await lockParked(tx, id);
      return row === undefined ? undefined : replayOne(tx, row, ports, wish);
    }).catch(stillRefused);
    if (answer !== undefined) done.push({ id, answer });
  }
  return done;
}

/** What the database can't hold stays parked, and keeps none of the others from their turn. */
function stillRefused(fault: unknown): IntakeAnswer {
  if (fault instanceof DatabaseError && fault.blamesData) {
    return { outcome: 'parked', reason: 'malformed' };
  }
  throw fault;
}

async function replayOne(
  tx: Queryable,
  row: ParkedRow,
  ports: IntakePorts,
  { actor, acceptUnauthenticated = false, record }: ReplayWish,
): Promise<IntakeAnswer> {
  const original = await unsealed(row, ports);
  const admitted = acceptUnauthenticated && row.reason === 'unauthenticated';
  const raw: RawEvent = admitted
    ? { ...original, by: { kind: 'person', plaintext: true, owner: actor } }
    : original;
  const [prepared] = await prepareAll([raw], row.arrivedAt, tx, ports);
  if (prepared?.outcome !== 'accepted' || (prepared.key === undefined && !admitted)) {
    return { outcome: 'parked', reason: row.reason };
  }
  // The inbox may hold the key as parked already: then this is the event's second chance. A reused id has none.
  const [answer] = await commitBatch(tx, [prepared], row.arrivedAt, ports, {
    secondChance: row.reason !== 'id_reused',
    async beforeBarrier([told]) {
      const outcome = told?.outcome;
      if (outcome !== 'accepted' && outcome !== 'duplicate') return;
      if (prepared.key !== undefined) await markAccepted(tx, prepared.key, prepared.digest);
      await markReplayed(tx, row.id, { actor, at: ports.clock(), outcome });
      await record?.(tx, { parked: row.id, outcome: admitted ? 'admitted' : outcome });
    },
  });
  return answer as IntakeAnswer;
}

async function unsealed(row: ParkedRow, ports: IntakePorts): Promise<RawEvent> {
  const bytes = await ports.vault.openParked(row.sealed, row.id);
  const { attributes, by, data } = JSON.parse(bytes.toString()) as {
    attributes: Record<string, string>;
    by: RawEvent['by'];
    data: string;
  };
  return { attributes, by, data: Buffer.from(data, 'base64'), place: row.place };
}
