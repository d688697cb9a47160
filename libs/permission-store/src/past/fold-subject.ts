import {
  consentKey,
  type ConsentRegister,
  latestPer,
  liftKey,
  type LiftRegister,
  stopKey,
  type StopRegister,
} from '@kyoka/permission';
import type { StoredContact, StoredSubject } from '../load-registers.js';
import { type ContactKnown, mergeContact, mergeSubject } from '../merging.js';
import { contactKey } from '../tables/contact-table.js';
import type { SubjectName, SubjectWrite } from '../tables/subject-table.js';
import type { ContactNamed } from './changes.js';
import type { RecordedEntry } from './entries.js';

/** A subject as its entries leave it, with its own registers. */
export interface FoldedSubject {
  readonly subject: StoredSubject;
  /** Folded contact points that can tie people, in hexadecimal. */
  readonly folds: readonly string[];
  readonly consents: readonly ConsentRegister[];
  readonly stops: readonly StopRegister[];
  readonly lifts: readonly LiftRegister[];
}

/** A value that is long sealed elsewhere: what is asked of the past never leaves for a use. */
const NO_VALUE = Buffer.alloc(0);

const hex = (base64url: string): string => Buffer.from(base64url, 'base64url').toString('hex');

/** Folds the entries of one subject as intake folded them when they came in. */
export function foldSubject(
  id: string,
  { source, ref }: SubjectName,
  entries: readonly RecordedEntry[],
): FoldedSubject {
  let about: SubjectWrite = { id };
  const contacts = new Map<string, ContactKnown>();
  for (const { body } of entries) {
    if (body.changes === undefined) continue;
    about = mergeSubject(about, { id, ...body.changes.about });
    for (const named of body.gone ? [] : (body.contacts ?? [])) {
      const known = contactFrom(id, named);
      const key = contactKey(known);
      contacts.set(key, mergeContact(contacts.get(key), known));
    }
  }
  const held = [...contacts.values()].sort(byKindAndToken).map(stored);
  return {
    subject: {
      id,
      source,
      ref,
      category: about.category?.value ?? null,
      acquired: about.acquired ?? null,
      registeredAt: about.registeredAt ?? null,
      cancelledAt: about.cancelledAt ?? null,
      adsOnAt: about.adsOnAt ?? null,
      adsOffAt: about.adsOffAt ?? null,
      contacts: held,
    },
    folds: [...new Set(held.filter((one) => one.class !== 'invalid').map(({ fold }) => fold))],
    consents: latestPer(
      entries.flatMap(({ body }) => body.changes?.consents ?? []),
      consentKey,
    ),
    stops: latestPer(
      entries.flatMap(({ body }) => stopsAt(body, 'subject')),
      stopKey,
    ),
    lifts: latestPer(
      entries.flatMap(({ body }) => liftsAt(body, 'subject')),
      liftKey,
    ),
  };
}

type Target = 'subject' | 'contacts';

const registersAt = <T>(
  placed: readonly { readonly target: Target; readonly register: T }[] | undefined,
  target: Target,
): T[] => (placed ?? []).filter((one) => one.target === target).map(({ register }) => register);

/** The stops of an entry that count from its subject, or from its contact points. */
export const stopsAt = ({ changes }: RecordedEntry['body'], target: Target): StopRegister[] =>
  registersAt(changes?.stops, target);

/** What of it ends stops, likewise. */
export const liftsAt = ({ changes }: RecordedEntry['body'], target: Target): LiftRegister[] =>
  registersAt(changes?.lifts, target);

function contactFrom(subjectId: string, named: ContactNamed): ContactKnown {
  return {
    subjectId,
    kind: named.kind,
    token: Buffer.from(named.token, 'base64url'),
    fold: Buffer.from(named.fold, 'base64url'),
    class: named.class,
    line: named.line ?? null,
    source: named.source ?? null,
    confirmedAt: named.confirmedAt,
    rulesVersion: '',
  };
}

function stored(contact: ContactKnown): StoredContact {
  const { kind, token, line, source } = contact;
  return {
    kind,
    token,
    fold: contact.fold.toString('hex'),
    class: contact.class,
    line,
    sources: source === null ? [] : [source],
    confirmedAt: contact.confirmedAt ?? null,
    sealed: NO_VALUE,
  };
}

/** The order in which a stored person's contact points are read. */
const byKindAndToken = (left: ContactKnown, right: ContactKnown): number =>
  left.kind === right.kind
    ? Buffer.compare(left.token, right.token)
    : left.kind < right.kind
      ? -1
      : 1;

export const foldsOfBody = ({ folds = [] }: RecordedEntry['body']): string[] => folds.map(hex);
