import { randomUUID } from 'node:crypto';
import type { ParkReason } from '@kyoka/contracts';
import { type Instant, tokyoDay } from '@kyoka/kernel';
import type { Journal } from '@kyoka/evidence';
import {
  appendLedger,
  appendOutbox,
  appendPermissionStates,
  contactKey,
  insertStopActs,
  knownContacts,
  lockSubjects,
  mergeCancellations,
  mergeContacts,
  mergeOrderLines,
  mergeSubjects,
  raiseConsents,
  raiseLifts,
  raiseStops,
  reachOf,
  subjectKey,
  takeBarrier,
} from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import type { Vault } from '@kyoka/vault';
import { idOf } from './ids.js';
import { journalEntries } from './journal-entries.js';
import { type Applied, mergeWrites, stopActId, type Writes } from './merge.js';
import { barrierMessages, parkedMessages } from './messages.js';
import type { Effective, Prepared } from './prepare.js';
import { type Earlier, enterInbox, inboxKey } from './tables/event-table.js';
import { recordJournalPosition } from './tables/journal-position-table.js';
import { insertParked, type ParkedWrite } from './tables/parked-table.js';
import type { IntakeAnswer } from './types.js';

export interface CommitPorts {
  readonly vault: Vault;
  readonly journal: Journal;
  /** Name of this process's journal. */
  readonly journalWriter: string;
  readonly newId?: () => string;
}

/** What becomes of one event of the batch. */
interface Verdict {
  readonly answer: IntakeAnswer;
  readonly apply?: Effective;
  readonly park?: ParkReason;
}

/**
 * Commits one batch in the caller's transaction: inbox, subjects and contact points, registers,
 * orders, ledger block, parked originals, outbox. Lock order: inbox keys, subjects, contact points,
 * registers, chain head, barrier.
 *
 * A batch with a stop has its stops in the journal, synced, before it takes the barrier; if the
 * transaction is lost after that, the journal is ahead and is applied at the next start.
 *
 * @returns an answer per event, in their order; they are true once the transaction has committed
 */
export async function commitBatch(
  tx: Queryable,
  batch: readonly Prepared[],
  arrivedAt: Instant,
  ports: CommitPorts,
  { secondChance = false }: { readonly secondChance?: boolean } = {},
): Promise<IntakeAnswer[]> {
  const first = firstOfEachKey(batch);
  const earlier = await enterInbox(
    tx,
    [...first.values()].map((event) => ({
      ...(event.key as { source: string; id: string }),
      digest: event.digest,
      outcome: event.outcome as 'accepted' | 'parked',
    })),
    arrivedAt,
  );
  const verdicts = batch.map((event) => verdictOf(event, first, earlier, secondChance));

  const applied: Applied[] = batch.flatMap((event, index) => {
    const apply = verdicts[index]?.apply;
    return apply === undefined ? [] : [{ ...apply, identity: identityOf(event) }];
  });
  const subjectIds = await lockNamed(tx, applied, arrivedAt, ports.newId ?? randomUUID);
  const writes = mergeWrites(applied, subjectIds, arrivedAt);
  await writeState(tx, writes, ports.vault, arrivedAt);

  const parked = await Promise.all(
    batch.flatMap((event, index) => {
      const reason = verdicts[index]?.park;
      return reason === undefined
        ? []
        : [
            parkedWrite(
              event,
              reason,
              verdicts[index]?.apply !== undefined,
              arrivedAt,
              ports.vault,
            ),
          ];
    }),
  );
  await insertParked(tx, parked, arrivedAt);
  await appendOutbox(tx, parkedMessages(parked, arrivedAt));

  const changed = new Set([
    ...writes.subjects.map((subject) => subject.id),
    ...[
      ...(
        await reachOf(
          tx,
          writes.stopActs.map((act) => act.id),
        )
      ).values(),
    ].flat(),
  ]);
  await appendPermissionStates(tx, [...changed].sort(), arrivedAt);
  await appendOutbox(tx, barrierMessages(writes.stopActs, arrivedAt));
  await appendLedger(tx, writes.ledger, arrivedAt);

  if (writes.stopActs.length > 0) {
    const position = await ports.journal.append(journalEntries(applied, writes.stopActs));
    await recordJournalPosition(tx, ports.journalWriter, position);
    await takeBarrier(tx, 'exclusive');
  }
  return verdicts.map((verdict) => verdict.answer);
}

/** Events that may enter the inbox: of several under one key, the first. */
function firstOfEachKey(batch: readonly Prepared[]): Map<string, Prepared> {
  const first = new Map<string, Prepared>();
  for (const event of batch) {
    if (event.key === undefined || event.outcome === 'skipped' || event.outcome === 'refused')
      continue;
    const key = inboxKey(event.key);
    if (!first.has(key)) first.set(key, event);
  }
  return first;
}

function verdictOf(
  event: Prepared,
  first: ReadonlyMap<string, Prepared>,
  earlier: ReadonlyMap<string, Earlier>,
  secondChance: boolean,
): Verdict {
  if (event.outcome === 'skipped' || event.outcome === 'refused') {
    return {
      answer: {
        outcome: event.outcome,
        ...(event.faults.length > 0 ? { faults: event.faults } : {}),
      },
    };
  }
  const key = event.key === undefined ? undefined : inboxKey(event.key);
  const before =
    key === undefined ? undefined : (earlier.get(key) ?? sameBatch(event, first.get(key)));
  if (before === undefined || (secondChance && before.outcome === 'parked')) return taken(event);
  if (before.digest.equals(event.digest)) return { answer: { outcome: 'duplicate' } };
  return reused(event);
}

const sameBatch = (event: Prepared, first: Prepared | undefined): Prepared | undefined =>
  first === event ? undefined : first;

function taken(event: Prepared): Verdict {
  const stopped = stopIdsOf(event);
  if (event.outcome === 'accepted') {
    return { answer: { outcome: 'accepted', ...stopped }, apply: event.effective as Effective };
  }
  const reason = event.reason as ParkReason;
  return {
    answer: {
      outcome: 'parked',
      reason,
      ...(event.faults.length > 0 ? { faults: event.faults } : {}),
      ...stopped,
    },
    park: reason,
    ...(event.effective ? { apply: event.effective } : {}),
  };
}

/** The same id with other content: parked. If it stops something it does so all the same, whichever came first. */
function reused(event: Prepared): Verdict {
  const stops = (event.effective?.effects.stopActs?.length ?? 0) > 0;
  return {
    answer: { outcome: 'parked', reason: 'id_reused', ...(stops ? stopIdsOf(event) : {}) },
    park: 'id_reused',
    ...(stops && event.effective ? { apply: event.effective } : {}),
  };
}

function stopIdsOf(event: Prepared): Pick<IntakeAnswer, 'stopActIds'> {
  const count = event.effective?.effects.stopActs?.length ?? 0;
  const identity = identityOf(event);
  return count === 0
    ? {}
    : { stopActIds: Array.from({ length: count }, (_, index) => stopActId(identity, index)) };
}

const identityOf = (event: Prepared): string[] => [
  event.key?.source ?? '',
  event.key?.id ?? '',
  event.digest.toString('hex'),
];

async function lockNamed(
  tx: Queryable,
  applied: readonly Applied[],
  arrivedAt: Instant,
  newId: () => string,
): Promise<Map<string, string>> {
  const names = new Map(
    applied.flatMap(({ effects }) =>
      effects.subject ? [[subjectKey(effects.subject), effects.subject] as const] : [],
    ),
  );
  return lockSubjects(
    tx,
    [...names.values()],
    [...names].map(() => newId()),
    arrivedAt,
  );
}

async function writeState(
  tx: Queryable,
  writes: Writes,
  vault: Vault,
  arrivedAt: Instant,
): Promise<void> {
  await mergeSubjects(tx, writes.subjects);
  const known = await knownContacts(tx, writes.contacts);
  await mergeContacts(
    tx,
    writes.contacts.map((contact) => {
      const key = contactKey(contact);
      // The row of a known one keeps its ciphertext; its subject is locked, so it can't vanish meanwhile.
      const sealed = known.has(key)
        ? Buffer.alloc(0)
        : vault.seal(writes.values.get(key) as string, {
            subject: contact.subjectId,
            field: contact.kind,
          });
      return { ...contact, sealed };
    }),
  );
  await raiseConsents(tx, writes.consents);
  await raiseStops(tx, writes.stops);
  await raiseLifts(tx, writes.lifts);
  await mergeOrderLines(tx, writes.orderLines);
  await mergeCancellations(tx, writes.cancellations);
  await insertStopActs(tx, writes.stopActs, arrivedAt);
}

/** The original as it came, sealed under the key of the day. Nothing that an unknown publisher wrote stands beside it. */
async function parkedWrite(
  event: Prepared,
  reason: ParkReason,
  applied: boolean,
  arrivedAt: Instant,
  vault: Vault,
): Promise<ParkedWrite> {
  const id = idOf('parked', reason, ...identityOf(event));
  const day = tokyoDay(arrivedAt);
  const { attributes, data, by } = event.raw;
  const original = { attributes, by, data: Buffer.from(data).toString('base64') };
  return {
    id,
    reason,
    source: event.key?.source ?? null,
    eventId: event.key?.id ?? null,
    type: event.key === undefined ? null : (attributes['type'] ?? null),
    faults: event.faults,
    place: event.raw.place,
    applied,
    day,
    sealed: await vault.sealParked(Buffer.from(JSON.stringify(original)), day, id),
  };
}
