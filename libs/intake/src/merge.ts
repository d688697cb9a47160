import type { Instant } from '@kyoka/kernel';
import {
  type ConsentWrite,
  contactKey,
  type ContactWrite,
  type ErasureWrite,
  type LedgerEntry,
  type LiftWrite,
  type OrderLineWrite,
  type StopAct,
  type StopOrigin,
  type StopWrite,
  subjectKey,
  type SubjectName,
  type SubjectWrite,
} from '@kyoka/permission-store';
import type { PreparedContact } from './contacts.js';
import type { Effects, Target } from './effects/effects.js';
import { idOf } from './ids.js';

/** An event that takes effect, with the key that its records' ids follow from. */
export interface Applied {
  readonly effects: Effects;
  readonly contacts: readonly PreparedContact[];
  /** Source, id and content digest of the event. */
  readonly identity: readonly string[];
  /** Who vouched for the event. */
  readonly by: string;
  readonly arrivedAt: Instant;
  /** It tells of a time before its subject was erased: none of its contact points is kept. */
  readonly gone?: boolean;
  /** When the erasure was asked for that the event extends to its subject. */
  readonly erasureAskedAt?: Instant;
}

/** All writes of a batch, one entry per row, whatever the number of events that bear on it. */
export interface Writes {
  readonly subjects: readonly SubjectWrite[];
  readonly contacts: readonly Omit<ContactWrite, 'sealed'>[];
  /** Canonical contact values by `contactKey`, to seal those that are new. */
  readonly values: ReadonlyMap<string, string>;
  readonly consents: readonly ConsentWrite[];
  readonly stops: readonly StopWrite[];
  /** Contact points that a subject had before it was erased: its stops reach them. */
  readonly carried: readonly { readonly subjectId: string; readonly fold: Buffer }[];
  readonly lifts: readonly LiftWrite[];
  readonly stopActs: readonly StopAct[];
  readonly erasures: readonly ErasureWrite[];
  readonly orderLines: readonly OrderLineWrite[];
  readonly cancellations: readonly { source: string; orderRef: string; at: Instant }[];
  readonly ledger: readonly LedgerEntry[];
}

/** The id under which the n-th stop of an event is shown. */
export const stopActId = (identity: readonly string[], index: number): string =>
  idOf('stop act', ...identity, String(index));

/** Merges what a batch changes, once the ids of its subjects are known. */
export function mergeWrites(
  applied: readonly Applied[],
  subjectIds: ReadonlyMap<string, string>,
): Writes {
  const subjects = new Map<string, SubjectWrite>();
  const contacts = new Map<string, Omit<ContactWrite, 'sealed'>>();
  const values = new Map<string, string>();
  const consents: ConsentWrite[] = [];
  const stops: StopWrite[] = [];
  const carried: { subjectId: string; fold: Buffer }[] = [];
  const lifts: LiftWrite[] = [];
  const stopActs: StopAct[] = [];
  const orderLines: OrderLineWrite[] = [];
  const cancellations: { source: string; orderRef: string; at: Instant }[] = [];
  const ledger: LedgerEntry[] = [];

  for (const { effects, contacts: given, identity, by, arrivedAt, gone = false } of applied) {
    const subjectId = idOfSubject(effects.subject, subjectIds);
    const entry = idOf('ledger', ...identity);
    if (subjectId !== undefined) {
      subjects.set(
        subjectId,
        mergeSubject(subjects.get(subjectId), { id: subjectId, ...effects.about }),
      );
      if (gone) {
        for (const { fold } of usable(given)) carried.push({ subjectId, fold });
      }
      for (const contact of gone ? [] : given) {
        const write = contactWrite(contact, subjectId, effects);
        const key = contactKey(write);
        contacts.set(key, mergeContact(contacts.get(key), write));
        values.set(key, contact.value);
      }
      for (const register of effects.consents ?? [])
        consents.push({ ...register, subjectId, entry });
      for (const line of effects.orderLines ?? []) orderLines.push({ ...line, subjectId });
    }
    const origins = (target: Target): StopOrigin[] =>
      target === 'subject'
        ? subjectId === undefined
          ? []
          : [{ subjectId }]
        : given.map((contact) => ({ fold: contact.fold }));
    for (const { target, register } of effects.stops ?? []) {
      for (const origin of origins(target)) stops.push({ ...register, origin, entry });
    }
    for (const { target, register } of effects.lifts ?? []) {
      for (const origin of origins(target)) lifts.push({ ...register, origin, entry });
    }
    (effects.stopActs ?? []).forEach((act, index) =>
      stopActs.push({
        id: stopActId(identity, index),
        kind: act.kind,
        subjectId: act.target === 'subject' ? (subjectId ?? null) : null,
        folds:
          act.target === 'contacts'
            ? given.map((contact) => contact.fold)
            : gone
              ? usable(given).map((contact) => contact.fold)
              : [],
        purposes: act.purposes,
        channels: act.channels,
        recipients: act.recipients,
        actAt: act.actAt,
        arrivedAt,
      }),
    );
    if (effects.cancellation) cancellations.push(effects.cancellation);
    if (effects.ledger) {
      ledger.push({
        id: entry,
        subjectId: subjectId ?? null,
        act: effects.ledger.act,
        at: effects.ledger.at,
        body: {
          ...effects.ledger.body,
          by,
          contacts: given.map((contact) => ({
            kind: contact.kind,
            token: contact.token.toString('base64url'),
            fold: contact.fold.toString('base64url'),
          })),
        },
      });
    }
  }
  return {
    erasures: erasuresIn(applied, stopActs),
    subjects: [...subjects.values()],
    contacts: [...contacts.values()],
    values,
    consents,
    stops,
    carried,
    lifts,
    stopActs,
    orderLines,
    cancellations,
    ledger,
  };
}

/** The erasures among the stops; one of bare contact points means them as they were given, not folded. */
function erasuresIn(applied: readonly Applied[], acts: readonly StopAct[]): ErasureWrite[] {
  const byId = new Map(acts.map((act) => [act.id, act]));
  return applied.flatMap(({ effects, contacts, identity, erasureAskedAt }) =>
    (effects.stopActs ?? []).flatMap((_, index) => {
      const act = byId.get(stopActId(identity, index));
      if (act?.kind !== 'erasure') return [];
      const { id, subjectId, arrivedAt: knownAt } = act;
      const requestedAt = erasureAskedAt ?? knownAt;
      return [{ id, subjectId, tokens: tokensOf(act, contacts), requestedAt, knownAt }];
    }),
  );
}

/** Exact tokens of a stop that names no subject; what can be nobody's is left out. */
export const tokensOf = (act: StopAct, contacts: readonly PreparedContact[]): Buffer[] =>
  act.subjectId === null ? usable(contacts).map(({ token }) => token) : [];

export const usable = (contacts: readonly PreparedContact[]): PreparedContact[] =>
  contacts.filter((contact) => contact.class !== 'invalid');

function idOfSubject(
  subject: SubjectName | undefined,
  subjectIds: ReadonlyMap<string, string>,
): string | undefined {
  return subject === undefined ? undefined : subjectIds.get(subjectKey(subject));
}

function contactWrite(
  contact: PreparedContact,
  subjectId: string,
  effects: Effects,
): Omit<ContactWrite, 'sealed'> {
  const supplied = effects.supplies?.includes(contact.kind) ?? false;
  return {
    subjectId,
    kind: contact.kind,
    token: contact.token,
    fold: contact.fold,
    class: contact.class,
    line: contact.line,
    source: supplied ? (effects.subject as SubjectName).source : null,
    rulesVersion: contact.rulesVersion,
    confirmedAt: supplied ? latest(contact.confirmedAt, effects.confirmsContactsAt) : undefined,
    firstAt: effects.contactsAt,
    lastAt: effects.contactsAt,
  };
}

function mergeContact(
  kept: Omit<ContactWrite, 'sealed'> | undefined,
  more: Omit<ContactWrite, 'sealed'>,
): Omit<ContactWrite, 'sealed'> {
  if (!kept) return more;
  return {
    ...kept,
    source: kept.source ?? more.source,
    confirmedAt: latest(kept.confirmedAt, more.confirmedAt),
    firstAt: Math.min(kept.firstAt, more.firstAt),
    lastAt: Math.max(kept.lastAt, more.lastAt),
  };
}

function mergeSubject(kept: SubjectWrite | undefined, more: SubjectWrite): SubjectWrite {
  if (!kept) return more;
  const category = later(kept.category, more.category, 1);
  const acquired = later(kept.acquired, more.acquired, -1);
  return {
    id: kept.id,
    ...(category && { category }),
    ...(acquired && { acquired }),
    ...moment('registeredAt', kept, more),
    ...moment('cancelledAt', kept, more),
    ...moment('adsOnAt', kept, more),
    ...moment('adsOffAt', kept, more),
  };
}

function moment(
  name: 'registeredAt' | 'cancelledAt' | 'adsOnAt' | 'adsOffAt',
  left: SubjectWrite,
  right: SubjectWrite,
): Partial<SubjectWrite> {
  const at = latest(left[name], right[name]);
  return at === undefined ? {} : { [name]: at };
}

function latest(left: Instant | undefined, right: Instant | undefined): Instant | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return Math.max(left, right);
}

/** `sign` 1 keeps the later, -1 the earlier; at the same moment the event key decides the same way, by its bytes. */
function later<T extends { readonly at: Instant; readonly event: string }>(
  left: T | undefined,
  right: T | undefined,
  sign: 1 | -1,
): T | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  const order =
    left.at === right.at
      ? Buffer.compare(Buffer.from(left.event), Buffer.from(right.event))
      : left.at - right.at;
  return order * sign > 0 ? left : right;
}
