import type { Actor, Instant, StopKind } from '@kyoka/kernel';

/**
 * How much a grant proves: `unproven` (no evidence, or by an import or an operator), `evidenced`
 * (with evidence, by the person or a guardian), `confirmed` (the person showed that the contact
 * point is theirs).
 */
export type ConsentClass = 'unproven' | 'evidenced' | 'confirmed';

/** Latest act of one kind in one cell of a subject. `recipient` is `''` where none is named. */
export interface ConsentRegister {
  readonly purpose: string;
  readonly channel: string;
  readonly recipient: string;
  readonly act: 'granted' | 'withdrawn';
  readonly class: ConsentClass;
  readonly at: Instant;
  readonly evidenceId: string;
  readonly actor: Actor;
  readonly policyVersion?: string | undefined;
}

/** Stops that are kept as registers. A withdrawal is kept as a consent, a freeze as a row of its own. */
export type RegisteredStop = Exclude<StopKind, 'withdrawal' | 'freeze'>;

/** Latest stop of one kind and scope at one origin (a subject or a folded contact point). */
export interface StopRegister {
  readonly kind: RegisteredStop;
  readonly purpose: string;
  readonly channel: string;
  readonly at: Instant;
  readonly evidenceId: string;
  readonly actor: Actor;
}

/** What ends stops, besides grants: a confirmed lift, a LINE follow, a new confirmation of the contact point. */
export type LiftKind = 'lift' | 'follow' | 'confirmation';

export interface LiftRegister {
  readonly kind: LiftKind;
  readonly purpose: string;
  readonly channel: string;
  readonly at: Instant;
  readonly evidenceId: string;
  readonly actor: Actor;
}

interface Dated {
  readonly at: Instant;
  readonly evidenceId: string;
  readonly actor: Actor;
  readonly policyVersion?: string | undefined;
}

/**
 * Whether `left` is the later act: by the moment the person acted, then by evidence id. Actor and
 * policy version only settle which of two acts with one evidence id is kept, so that the maximum
 * under this order never depends on arrival.
 */
export function isLater(left: Dated, right: Dated): boolean {
  if (left.at !== right.at) return left.at > right.at;
  if (left.evidenceId !== right.evidenceId) return left.evidenceId > right.evidenceId;
  if (left.actor !== right.actor) return left.actor > right.actor;
  return (left.policyVersion ?? '') > (right.policyVersion ?? '');
}

/** Keeps the latest entry per key; the result doesn't depend on the order or repetition of `entries`. */
export function latestPer<T extends Dated>(entries: Iterable<T>, key: (entry: T) => string): T[] {
  const latest = new Map<string, T>();
  for (const entry of entries) {
    const id = key(entry);
    const kept = latest.get(id);
    if (!kept || isLater(entry, kept)) latest.set(id, entry);
  }
  return [...latest.values()];
}

const SEPARATOR = '\u0000';

export const consentKey = (entry: ConsentRegister): string =>
  [entry.purpose, entry.channel, entry.recipient, entry.act, entry.class].join(SEPARATOR);

export const stopKey = (entry: StopRegister): string =>
  [entry.kind, entry.purpose, entry.channel].join(SEPARATOR);

export const liftKey = (entry: LiftRegister): string =>
  [entry.kind, entry.purpose, entry.channel].join(SEPARATOR);
