import type { StopJournalEntry } from '@kyoka/evidence';
import { ANY, type Clock, type Instant, parseInstant } from '@kyoka/kernel';
import type { RegisteredStop } from '@kyoka/permission';
import {
  appendLedger,
  appendPermissionStates,
  foldsOf,
  insertErasures,
  insertStopActs,
  type LedgerEntry,
  lockSubjects,
  mergeSubjects,
  raiseConsents,
  raiseStops,
  recordedBody,
  type StopAct,
  type StopActKind,
  type StopWrite,
  subjectKey,
  takeBarrier,
  takeLedger,
  touchedBy,
} from '@kyoka/permission-store';
import type { Queryable } from '@kyoka/postgres';
import { applyFreezes, isFreeze } from './journal-freeze.js';
import { applyKeysEnds, isKeysEnd } from './journal-publishers.js';

/** One stop as the journal keeps it; see `journalEntries`. */
interface Entry {
  readonly stopAct: string;
  readonly kind: StopActKind;
  readonly subject: { readonly source: string; readonly ref: string } | null;
  readonly folds: readonly string[];
  /** Of an erasure. */
  readonly tokens?: readonly string[];
  readonly purposes: readonly string[];
  readonly channels: readonly string[];
  readonly recipients: readonly string[];
  readonly at: string;
  readonly arrivedAt: string;
}

/**
 * Applies stops of the journal that the database doesn't know (an older backup, or a transaction
 * that was lost after the journal had been synced). Applying one twice changes nothing. They take
 * effect as registers, and the ledger says that they came from the journal: it never claims an event
 * that the inbox doesn't hold.
 *
 * A contact point that the subject had and that this database doesn't know of it can't be given back
 * (the journal holds no values), so whoever shares it is stopped through the contact point itself, until
 * an event tells of it: then what the subject stopped reaches them again as what it was.
 */
export async function applyJournal(
  tx: Queryable,
  entries: readonly StopJournalEntry[],
  { newId, clock }: { readonly newId: () => string; readonly clock: Clock },
): Promise<void> {
  const now = clock();
  await applyFreezes(tx, entries.filter(isFreeze));
  await applyKeysEnds(tx, entries.filter(isKeysEnd));
  const stops = entries.filter(
    (entry) => !isFreeze(entry) && !isKeysEnd(entry),
  ) as unknown as readonly Entry[];
  const names = new Map(
    stops.flatMap((stop) =>
      stop.subject ? [[subjectKey(stop.subject), stop.subject] as const] : [],
    ),
  );
  const ids = await lockSubjects(
    tx,
    [...names.values()],
    [...names].map(() => newId()),
    now,
  );
  const knownFolds = await foldsOf(tx, [...ids.values()]);
  const acts = stops.map((stop): StopAct => {
    const subjectId = stop.subject === null ? undefined : ids.get(subjectKey(stop.subject));
    const known = subjectId === undefined ? [] : (knownFolds.get(subjectId) ?? []);
    const folds = stop.folds.map((fold) => Buffer.from(fold, 'base64url'));
    return {
      id: stop.stopAct,
      kind: stop.kind,
      subjectId: subjectId ?? null,
      folds: OF_SUBJECT_ALONE.has(stop.kind)
        ? []
        : folds.filter((fold) => !known.some((one) => one.equals(fold))),
      purposes: stop.purposes,
      channels: stop.channels,
      recipients: stop.recipients,
      actAt: parseInstant(stop.at) as Instant,
      arrivedAt: parseInstant(stop.arrivedAt) as Instant,
    };
  });
  await mergeSubjects(tx, mergedMoments(acts));
  await raiseConsents(tx, acts.flatMap(withdrawals));
  await raiseStops(tx, acts.flatMap(stopWrites));
  await takeLedger(tx);
  const touched = await touchedBy(tx, {
    subjectIds: acts.flatMap((act) => act.subjectId ?? []),
    folds: acts.flatMap((act) => act.folds),
  });
  await appendPermissionStates(tx, touched, now);
  await appendLedger(tx, acts.map(ledgerEntry), now, clock());
  await takeBarrier(tx, 'exclusive');
  await insertStopActs(tx, acts, clock());
  const tokens = new Map(stops.map((stop) => [stop.stopAct, stop.tokens ?? []]));
  await insertErasures(
    tx,
    acts.flatMap(({ id, kind, subjectId, arrivedAt: requestedAt }) =>
      kind === 'erasure'
        ? [{ id, subjectId, tokens: fromText(tokens.get(id) ?? []), requestedAt }]
        : [],
    ),
  );
}

const fromText = (tokens: readonly string[]): Buffer[] =>
  tokens.map((token) => Buffer.from(token, 'base64url'));

/** Facts of the subject that reach nobody else. */
const OF_SUBJECT_ALONE: ReadonlySet<StopActKind> = new Set(['ads_off', 'cancelled']);

const ON_SUBJECT_ROW = { ads_off: 'adsOffAt', cancelled: 'cancelledAt' } as const;

function mergedMoments(
  acts: readonly StopAct[],
): { id: string; adsOffAt?: Instant; cancelledAt?: Instant }[] {
  const merged = new Map<string, { id: string; adsOffAt?: Instant; cancelledAt?: Instant }>();
  for (const act of acts) {
    if (act.subjectId === null || (act.kind !== 'ads_off' && act.kind !== 'cancelled')) continue;
    const field = ON_SUBJECT_ROW[act.kind];
    const kept = merged.get(act.subjectId) ?? { id: act.subjectId };
    merged.set(act.subjectId, { ...kept, [field]: Math.max(kept[field] ?? act.actAt, act.actAt) });
  }
  return [...merged.values()];
}

const cellsOf = (act: StopAct) =>
  act.purposes.flatMap((purpose) => act.channels.map((channel) => ({ purpose, channel })));

/** What the journal told, for whoever asks later what was known when. */
function ledgerEntry(act: StopAct): LedgerEntry {
  const { id, kind, subjectId, folds, purposes, channels, recipients, actAt, arrivedAt } = act;
  const [about] = mergedMoments([act]);
  const { id: _id, ...moments } = about ?? { id };
  return {
    id,
    subjectId,
    act: 'stop_from_journal',
    at: actAt,
    body: {
      kind,
      purposes,
      channels,
      recipients,
      arrivedAt,
      ...recordedBody({
        contacts: [],
        ...(folds.length > 0 && { folds: folds.map((fold) => fold.toString('base64url')) }),
        ...(subjectId !== null && { journalled: true }),
        changes: {
          about: moments,
          consents: withdrawals(act).map(
            ({ subjectId: _subjectId, entry: _entry, ...register }) => register,
          ),
          stops: registersOf(act),
        },
      }),
    },
  };
}

function withdrawals(act: StopAct) {
  const { subjectId } = act;
  if (act.kind !== 'withdrawal' || subjectId === null) return [];
  return cellsOf(act).flatMap((cell) =>
    act.recipients.map((recipient) => ({
      ...cell,
      subjectId,
      recipient: recipient === ANY ? '' : recipient,
      act: 'withdrawn' as const,
      class: 'evidenced' as const,
      at: act.actAt,
      evidenceId: '',
      actor: 'subject' as const,
      entry: act.id,
    })),
  );
}

/** The stops that an act places, at its subject and at its contact points. */
function registersOf(act: StopAct) {
  if (act.kind === 'ads_off' || act.kind === 'cancelled') return [];
  const kind: RegisteredStop = act.kind === 'withdrawal' ? 'objection' : act.kind;
  const own = act.subjectId === null || act.kind === 'withdrawal' ? [] : (['subject'] as const);
  const elsewhere = act.folds.length > 0 ? (['contacts'] as const) : [];
  return cellsOf(act).flatMap((cell) =>
    [...own, ...elsewhere].map((target) => ({
      target,
      register: {
        kind,
        ...cell,
        at: act.actAt,
        evidenceId: '',
        actor: 'subject' as const,
      },
    })),
  );
}

function stopWrites(act: StopAct): StopWrite[] {
  const { subjectId } = act;
  const folds = act.folds.map((fold) => (subjectId === null ? { fold } : { fold, of: subjectId }));
  return registersOf(act).flatMap(({ target, register }) =>
    (target === 'contacts' ? folds : subjectId === null ? [] : [{ subjectId }]).map((origin) => ({
      ...register,
      origin,
      entry: act.id,
    })),
  );
}
