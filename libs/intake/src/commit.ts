import { randomUUID } from 'node:crypto';
import { isEventType, type ParkReason } from '@kyoka/contracts';
import { type Clock, type Instant, tokyoDay } from '@kyoka/kernel';
import type { Journal } from '@kyoka/evidence';
import {
  appendLedger,
  appendOutbox,
  appendPermissionStates,
  carryStops,
  contactKey,
  foldsOf,
  insertErasures,
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
  settleJournalStops,
  refsForReaders,
  subjectKey,
  takeBarrier,
  takeLedger,
  takeSealing,
  tellsMore,
  touchedBy,
} from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import { observe } from '@kyoka/telemetry';
import type { Vault } from '@kyoka/vault';
import { vouchedBy } from './authenticate.js';
import { knownErasures, requireStillKnown, withoutGone } from './gone.js';
import { idOf } from './ids.js';
import { journalEntries } from './journal-entries.js';
import { type Applied, mergeWrites, type Writes } from './merge.js';
import { barrierMessages, parkedMessages, PROGRESS_TOPIC } from './messages.js';
import type { Prepared } from './prepare.js';
import { withoutEndedKeys } from './publishers/ended-keys.js';
import { enterInbox } from './tables/event-table.js';
import { recordJournalPosition } from './tables/journal-position-table.js';
import { insertParked, type ParkedWrite } from './tables/parked-table.js';
import type { IntakeAnswer } from './types.js';
import { firstOfEachKey, identityOf, verdictOf } from './verdict.js';

export interface CommitPorts {
  readonly vault: Vault;
  readonly journal: Journal;
  /** Name of this process's journal. */
  readonly journalWriter: string;
  readonly clock: Clock;
  readonly newId?: () => string;
}

export interface CommitOptions {
  /** Whether one that is parked under its key may be taken now. */
  readonly secondChance?: boolean;
  /** What else belongs to the transaction and takes locks: all of them before the barrier. */
  readonly beforeBarrier?: (answers: readonly IntakeAnswer[]) => Promise<void>;
}

/**
 * Commits one batch in the caller's transaction: inbox, subjects and contact points, registers,
 * orders, ledger block, parked originals, outbox. Lock order: publisher keys, inbox keys, subjects, contact points,
 * registers, chain head, barrier.
 *
 * A batch with a stop has its stops in the journal, synced, before it takes the barrier; if the
 * transaction is lost after that, the journal is ahead and is applied at the next start. The stops'
 * `committed_at` is the moment at which the barrier was had, which for a replay is long after arrival.
 *
 * @returns an answer per event, in their order; they are true once the transaction has committed
 */
export async function commitBatch(
  tx: Queryable,
  prepared: readonly Prepared[],
  now: Instant,
  ports: CommitPorts,
  { secondChance = false, beforeBarrier }: CommitOptions = {},
): Promise<IntakeAnswer[]> {
  const batch = await withoutEndedKeys(tx, prepared, ports.vault);
  const first = firstOfEachKey(batch);
  const earlier = await enterInbox(
    tx,
    [...first.values()].map((event) => ({
      ...(event.key as { source: string; id: string }),
      digest: event.digest,
      outcome: event.outcome as 'accepted' | 'parked',
      arrivedAt: event.arrivedAt,
    })),
  );
  const verdicts = batch.map((event) => verdictOf(event, first, earlier, secondChance));

  const applied: Applied[] = batch.flatMap((event, index) => {
    const apply = verdicts[index]?.apply;
    return apply === undefined
      ? []
      : [
          {
            ...apply,
            identity: identityOf(event),
            by: vouchedBy(event.raw),
            arrivedAt: event.arrivedAt,
          },
        ];
  });
  const subjectIds = await lockNamed(tx, applied, now, ports.newId ?? randomUUID);
  const erasures = await knownErasures(tx, applied, subjectIds);
  const kept = withoutGone(applied, subjectIds, erasures);
  const writes = mergeWrites(kept, subjectIds);
  const newContacts = await writeState(tx, writes, ports.vault);

  const parked = await Promise.all(
    batch.flatMap((event, index) => {
      const reason = verdicts[index]?.park;
      return reason === undefined
        ? []
        : [parkedWrite(event, reason, verdicts[index]?.apply !== undefined, ports)];
    }),
  );
  await insertParked(tx, parked);
  await appendOutbox(tx, parkedMessages(parked, now));

  if (applied.length > 0) {
    await takeLedger(tx);
    await requireStillKnown(tx, applied, erasures);
    const changed = await changedStates(tx, writes, newContacts);
    await appendPermissionStates(tx, changed, now, ports.clock());
    await appendLedger(tx, writes.ledger, now, ports.clock());
  }

  const answers = verdicts.map((verdict) => verdict.answer);
  await beforeBarrier?.(answers);

  if (writes.stopActs.length > 0) {
    const stopped = writes.stopActs.flatMap((act) => act.subjectId ?? []);
    const folds = await foldsOf(tx, stopped);
    const refs = await refsForReaders(tx, PROGRESS_TOPIC, stopped, ports.clock());
    const begun = performance.now();
    const position = await ports.journal.append(journalEntries(kept, writes.stopActs, folds));
    observe('kyoka_journal_append_seconds', {}, performance.now() - begun);
    await recordJournalPosition(tx, ports.journalWriter, position);
    await takeBarrier(tx, 'exclusive');
    const barrierAt = ports.clock();
    await insertStopActs(tx, writes.stopActs, barrierAt);
    await insertErasures(tx, writes.erasures);
    for (const { arrivedAt } of writes.stopActs) {
      observe('kyoka_barrier_seconds', {}, Math.max(0, barrierAt - arrivedAt));
    }
    await appendOutbox(tx, barrierMessages(writes.stopActs, refs, barrierAt));
  }
  return answers;
}

async function lockNamed(
  tx: Queryable,
  applied: readonly Applied[],
  now: Instant,
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
    now,
  );
}

/** @returns the subjects that have a contact point which they didn't have */
async function writeState(tx: Queryable, writes: Writes, vault: Vault): Promise<string[]> {
  await mergeSubjects(tx, writes.subjects);
  const known = await knownContacts(tx, writes.contacts);
  if (writes.contacts.some((contact) => !known.has(contactKey(contact)))) {
    await takeSealing(tx, vault);
  }
  await mergeContacts(
    tx,
    writes.contacts.flatMap((contact) => {
      const key = contactKey(contact);
      const before = known.get(key);
      // The row of a known one keeps its ciphertext; its subject is locked, so it can't change or vanish meanwhile.
      if (before)
        return tellsMore(contact, before) ? [{ ...contact, sealed: Buffer.alloc(0) }] : [];
      const value = writes.values.get(key) as string;
      const of = { subject: contact.subjectId, field: contact.kind };
      return [{ ...contact, sealed: vault.seal(value, of) }];
    }),
  );
  const unknown = writes.contacts.filter((contact) => !known.has(contactKey(contact)));
  await settleJournalStops(tx, unknown);
  await raiseConsents(tx, writes.consents);
  await raiseStops(tx, writes.stops);
  await carryStops(tx, writes.carried);
  await raiseLifts(tx, writes.lifts);
  await mergeOrderLines(tx, writes.orderLines);
  await mergeCancellations(tx, writes.cancellations);
  return unknown.map((contact) => contact.subjectId);
}

/** Whose state may be another now: a consent, stop, lift or new contact point may bear on whoever shares it. */
async function changedStates(
  tx: Queryable,
  writes: Writes,
  newContacts: readonly string[],
): Promise<string[]> {
  const origins = [...writes.stops, ...writes.lifts].map((write) => write.origin);
  const touched = await touchedBy(tx, {
    subjectIds: [
      ...newContacts,
      ...writes.consents.map((write) => write.subjectId),
      ...origins.flatMap((origin) => origin.subjectId ?? []),
    ],
    folds: [
      ...origins.flatMap((origin) => (origin.fold === undefined ? [] : [origin.fold])),
      ...writes.carried.map(({ fold }) => fold),
    ],
  });
  return [...new Set([...writes.subjects.map((subject) => subject.id), ...touched])].sort();
}

/** The original as it came, sealed under the key of the day. Nothing that an unknown publisher wrote stands beside it. */
async function parkedWrite(
  event: Prepared,
  reason: ParkReason,
  applied: boolean,
  { vault, clock }: CommitPorts,
): Promise<ParkedWrite> {
  const id = idOf('parked', reason, ...identityOf(event));
  // The day it is parked, not that of its arrival: the key of that one may have been destroyed already.
  const day = tokyoDay(clock());
  const { attributes, data, by } = event.raw;
  const { type } = attributes;
  const original = { attributes, by, data: Buffer.from(data).toString('base64') };
  return {
    id,
    reason,
    source: event.key?.source ?? null,
    eventId: event.key?.id ?? null,
    type: event.key !== undefined || isEventType(type) ? (type ?? null) : null,
    stop: event.stop,
    publisherId: event.publisherId ?? null,
    faults: event.faults,
    place: event.raw.place,
    applied,
    arrivedAt: event.arrivedAt,
    day,
    sealed: await vault.sealParked(Buffer.from(JSON.stringify(original)), day, id),
  };
}
