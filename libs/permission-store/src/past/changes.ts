import type { ContactClass, ContactKind, Instant, Json } from '@kyoka/kernel';
import type { ConsentRegister, LiftRegister, StopRegister } from '@kyoka/permission';
import type { SubjectWrite } from '../tables/subject-table.js';

/** A register that counts from the entry's subject, or from each of the folded contact points that the entry names. */
interface Placed<T> {
  readonly target: 'subject' | 'contacts';
  readonly register: T;
}

/**
 * What an act changed when it was taken in, as it was read then: a later version of the rules reads the
 * event otherwise, and the past stays as it was. Moments are milliseconds since 1970.
 */
export interface Changes {
  readonly about?: Omit<SubjectWrite, 'id'>;
  readonly consents?: readonly ConsentRegister[];
  readonly stops?: readonly Placed<StopRegister>[];
  readonly lifts?: readonly Placed<LiftRegister>[];
}

/** A contact point that came with an act; its value never stands here. */
export interface ContactNamed {
  readonly kind: ContactKind;
  /** Base64url, like `fold`. */
  readonly token: string;
  readonly fold: string;
  readonly class: ContactClass;
  readonly line?: string;
  /** Who supplied it for use; absent where it serves reach alone. */
  readonly source?: string;
  readonly confirmedAt?: Instant;
}

/** What of a ledger entry is folded again. */
export interface RecordedBody {
  readonly changes: Changes;
  readonly contacts: readonly ContactNamed[];
  /** Folded contact points, in base64url, that registers of the entry count from. */
  readonly folds?: readonly string[];
  /**
   * Told after its subject was erased, of a time before: its contact points weren't kept, and the
   * subject's own stops reach `folds` from then on.
   */
  readonly gone?: boolean;
  /** Where `folds` are contact points that the subject had elsewhere, by the stop journal alone. */
  readonly journalled?: boolean;
}

/** The members of an entry's body from which what it changed is folded again. */
export function recordedBody({ changes, ...rest }: RecordedBody): Readonly<Record<string, Json>> {
  const known = Object.entries({ ...rest, changes: withoutEmpty(changes) }).filter(
    ([, value]) => value !== undefined,
  );
  return Object.fromEntries(known) as Record<string, Json>;
}

const withoutEmpty = (changes: Changes): Changes =>
  Object.fromEntries(
    Object.entries(changes).filter(([, value]) =>
      Array.isArray(value) ? value.length > 0 : Object.keys(value as object).length > 0,
    ),
  );
