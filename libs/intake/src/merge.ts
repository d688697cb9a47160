import type { Instant } from '@kyoka/kernel';
import {
  type ConsentWrite,
  contactKey,
  type ContactNamed,
  type ContactWrite,
  type ErasureWrite,
  latest,
  type LedgerEntry,
  type LiftWrite,
  mergeContact,
  mergeSubject,
  type OrderLineWrite,
  recordedBody,
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
    ledger.push({
      id: entry,
      subjectId: subjectId ?? null,
      act: effects.ledger.act,
      at: effects.ledger.at,
      body: {
        ...effects.ledger.body,
        by,
        ...recordedBody({
          contacts: given.map((contact) => contactNamed(contact, effects)),
          ...foldsNamed(effects, given, gone),
          changes: {
            about: effects.about ?? {},
            consents: effects.consents ?? [],
            stops: effects.stops ?? [],
            lifts: effects.lifts ?? [],
          },
        }),
      },
    });
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

/** Who supplies a contact point for use with an event, and when it was last confirmed. */
function suppliedBy(
  contact: PreparedContact,
  { subject, supplies, confirmsContactsAt }: Effects,
): { readonly source: string | null; readonly confirmedAt: Instant | undefined } {
  if (subject === undefined || !supplies?.includes(contact.kind)) {
    return { source: null, confirmedAt: undefined };
  }
  return {
    source: subject.source,
    confirmedAt: latest(contact.confirmedAt, confirmsContactsAt),
  };
}

function contactNamed(contact: PreparedContact, effects: Effects): ContactNamed {
  const { kind, token, fold, line } = contact;
  const { source, confirmedAt } = suppliedBy(contact, effects);
  return {
    kind,
    token: token.toString('base64url'),
    fold: fold.toString('base64url'),
    class: contact.class,
    ...(line !== null && { line }),
    ...(source !== null && { source }),
    ...(confirmedAt !== undefined && { confirmedAt }),
  };
}

/** Contact points that something of an event counts from, in place of its subject or besides it. */
function foldsNamed(effects: Effects, given: readonly PreparedContact[], gone: boolean) {
  const placed = [...(effects.stops ?? []), ...(effects.lifts ?? [])];
  const places = gone || placed.some(({ target }) => target === 'contacts');
  return {
    ...(places &&
      given.length > 0 && { folds: given.map(({ fold }) => fold.toString('base64url')) }),
    ...(gone && { gone }),
  };
}

function contactWrite(
  contact: PreparedContact,
  subjectId: string,
  effects: Effects,
): Omit<ContactWrite, 'sealed'> {
  return {
    subjectId,
    kind: contact.kind,
    token: contact.token,
    fold: contact.fold,
    class: contact.class,
    line: contact.line,
    ...suppliedBy(contact, effects),
    rulesVersion: contact.rulesVersion,
  };
}
